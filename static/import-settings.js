/* Import Staff Data: drag as the second way to order keywords, and unsaved work that is kept.
   The page works without this file. */
"use strict";

(() => {
  const form = () => document.querySelector("form[data-settings]");
  const changes = () => Number(document.querySelector("[data-changes]")?.dataset.changes || 0);
  const show = (name, shown) => {
    const part = document.querySelector(`[data-${name}]`);
    if (part) part.hidden = !shown;
  };
  let leaving = false;

  // Unsaved work stays in this tab, also when the session has ended meanwhile.
  const fields = () => {
    const kept = new FormData(form());
    kept.delete("csrfmiddlewaretoken");
    return JSON.stringify([...kept.entries()]);
  };
  const keep = () => {
    if (!form()) return;
    if (changes() > 0) sessionStorage.setItem(form().dataset.settings, fields());
    else sessionStorage.removeItem(form().dataset.settings);
  };
  // The preview of the last letters never came where the session has ended.
  const asItCame = form() && fields();
  const keepLetters = () => {
    if (form() && fields() !== asItCame) sessionStorage.setItem(form().dataset.settings, fields());
  };
  const kept = () => form() && sessionStorage.getItem(form().dataset.settings);
  const offer = () => {
    if (changes() > 0) keep();
    else show("kept", Boolean(kept()));
  };
  const showKept = () => {
    const values = { do: "show" };
    for (const [name, value] of JSON.parse(kept())) (values[name] ??= []).push(value);
    const options = { target: "#main", select: "#main", swap: "outerHTML", values, source: document.body };
    window.htmx.ajax("POST", form().action, options);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, a");
    if (!button) return;
    if (button.matches("[data-restore]")) showKept();
    if (button.matches("[data-reload]")) {
      keepLetters();
      leaving = true;
    }
    if (button.matches("[data-forget], [data-discard]")) {
      sessionStorage.removeItem(form().dataset.settings);
      show("kept", false);
      leaving = button.matches("[data-discard]");
    }
    // Reached with the keyboard at the ends of the list, they stay where they are.
    if (button.matches("form[data-settings] [aria-disabled]")) event.preventDefault();
  });
  window.addEventListener("beforeunload", (event) => {
    if (form() && !leaving && changes() > 0) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    if (event.target === form()) leaving = true;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id === "main") offer();
    else keep();
  });
  document.addEventListener("htmx:beforeRequest", () => show("lost", false));
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const address = event.detail.xhr.getResponseHeader("HX-Redirect");
    if (!address || !form()) return;
    leaving = true;
    const deed = event.detail.requestConfig.parameters;
    if (address.includes("/login")) {
      keepLetters();
      window.addEventListener("pagehide", keepLetters);
    } else if (["save", "test"].includes(deed.get ? deed.get("do") : deed.do)) {
      // Saved: the page that comes next has nothing unsaved.
      sessionStorage.removeItem(form().dataset.settings);
    }
  });
  document.addEventListener("htmx:sendError", () => form() && show("lost", true));
  // The form's token is another session's.
  document.addEventListener("htmx:responseError", (event) => {
    if (!form() || event.detail.xhr.status !== 403) return;
    keepLetters();
    show("stale", true);
  });

  // Enter in a field shows the preview; only Save saves.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("form[data-settings] input")) event.preventDefault();
  });

  // Drag a row by its handle.
  let dragged = null;
  document.addEventListener("dragstart", (event) => {
    const grip = event.target.closest?.(".keys .grip");
    dragged = grip && grip.closest("tr");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setDragImage(dragged, 0, 0);
  });
  document.addEventListener("dragover", (event) => {
    const row = dragged && event.target.closest?.(".keys tbody tr");
    if (!row) return;
    event.preventDefault();
    const box = row.getBoundingClientRect();
    const below = event.clientY > box.top + box.height / 2;
    if (row !== dragged) row[below ? "after" : "before"](dragged);
  });
  document.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged = null;
    document.getElementById("reorder").click();
  });

  offer();
})();
