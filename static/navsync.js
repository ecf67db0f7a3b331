/* Small comforts. Every page works without this file: links, forms, <details>, <dialog>. */
"use strict";

(() => {
  const openMenus = () => document.querySelectorAll("details.menu[open]");

  // Menus close on a click outside and on Esc, which gives focus back to the menu.
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A link with data-dialog fetches its page's form into a dialog; without this script
  // the link opens the same form as a page.
  let opener = null;

  const showDialogs = (root) => {
    for (const dialog of root.querySelectorAll("dialog[data-modal]:not([open])")) {
      dialog.addEventListener("close", () => {
        dialog.remove();
        if (opener) opener.focus();
      });
      dialog.showModal();
    }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-dialog]");
    if (link) opener = link;
    const cancel = event.target.closest("dialog[data-modal] [data-close]");
    if (cancel) {
      event.preventDefault();
      cancel.closest("dialog").close();
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => showDialogs(event.detail.target));

  // "All on this page" ticks, and how many are ticked.
  const countTicks = (form) => {
    const ticks = document.querySelectorAll(`input[type="checkbox"][form="${form.id}"]`);
    const ticked = [...ticks].filter((tick) => tick.checked).length;
    form.querySelector("[data-ticked]").textContent = `${ticked} selected`;
    const all = form.querySelector("[data-tick-all]");
    all.checked = ticks.length > 0 && ticked === ticks.length;
    all.indeterminate = ticked > 0 && ticked < ticks.length;
  };
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-tick-all]")) {
      for (const tick of document.querySelectorAll(`input[type="checkbox"][form="${box.form.id}"]`)) {
        tick.checked = box.checked;
      }
    }
    if (box.form && box.form.matches("form[data-bulk]")) countTicks(box.form);
  });

  // Results that were planned again take the page's place, and the row that was decided
  // stays where it is on the screen. While somebody is at other rows they are left alone.
  const isAtRows = () =>
    document.querySelector("input[name=row]:checked, tbody:not([data-decided-row]) > tr > .storycell") !== null ||
    [...document.querySelectorAll(".decide input[name=note]")].some((note) => note.value !== note.defaultValue);
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches("[data-again]") && isAtRows()) event.detail.parameters.busy = "1";
  });
  document.addEventListener("htmx:load", (event) => {
    const place = event.detail.elt.querySelector("[data-focus]");
    place?.focus({ preventScroll: true });
    place?.scrollIntoView({ block: "nearest" });
  });
  let decidedAt = null;
  const decidedRow = () => document.querySelector("tbody[data-decided-row]");
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "main") decidedAt = decidedRow()?.getBoundingClientRect().top ?? null;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const row = decidedRow();
    if (decidedAt === null || !row || !document.getElementById("main")?.contains(row)) return;
    scrollBy(0, row.getBoundingClientRect().top - decidedAt);
    decidedAt = null;
  });

  // On phones the filters start collapsed; on wider screens they are always open.
  const narrow = matchMedia("(max-width: 47rem)");
  const collapse = () => {
    for (const filters of document.querySelectorAll("details[data-collapse]")) {
      filters.open = !narrow.matches;
    }
  };
  narrow.addEventListener("change", collapse);
  collapse();

  // A form with data-draft carries changes that aren't saved. They outlive a lost
  // connection, the back button and signing in again: this window keeps them until they
  // are saved or discarded. Leaving the page asks first.
  let leaving = false;

  const draftOf = (form) => form.querySelector("[data-draft-edits]");
  const isUnsaved = () => document.querySelector("form[data-draft] [data-unsaved]") !== null;
  const keepDraft = (form) => {
    if (draftOf(form).value) sessionStorage.setItem(form.dataset.draft, draftOf(form).value);
    else sessionStorage.removeItem(form.dataset.draft);
  };
  const takeUpDraft = (form) => {
    const kept = sessionStorage.getItem(form.dataset.draft);
    if (!kept || draftOf(form).value) return;
    draftOf(form).value = kept;
    htmx.trigger(form, "submit");
  };
  document.addEventListener("htmx:load", (event) => {
    if (event.target === document.body) document.querySelectorAll("form[data-draft]").forEach(takeUpDraft);
    else if (event.target.matches("form[data-draft]")) keepDraft(event.target);
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const form = event.target;
    const address = event.detail.xhr.getResponseHeader("HX-Redirect");
    if (!address || !form.matches("form[data-draft]")) return;
    leaving = true;
    const isSamePage = new URL(address, location).pathname === new URL(form.action).pathname;
    if (isSamePage) sessionStorage.removeItem(form.dataset.draft);
  });
  for (const failure of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(failure, (event) => {
      const form = event.target.closest("form[data-draft]");
      if (!form) return;
      delete form.dataset.sent;
      const note = form.querySelector("[data-draft-lost]");
      note.hidden = false;
      note.scrollIntoView({ block: "nearest" });
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && isUnsaved()) event.preventDefault();
  });

  // What is typed into a form with data-kept and sent outlives a lost connection and a
  // session that has ended: this window keeps it until the form, or any other page, is
  // answered. Leaving the form with something typed asks first.
  const KEPT = "kept ";
  const keptForm = document.querySelector("form[data-kept]");
  const typed = () => JSON.stringify([...new FormData(keptForm)].filter(([name]) => name !== "csrfmiddlewaretoken"));
  const putBack = (entries) => {
    for (const field of keptForm.elements) {
      const values = entries.filter(([name]) => name === field.name).map(([, value]) => value);
      if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
      else if (values.length) field.value = values[0];
    }
    keptForm.querySelector("[data-kept-note]").hidden = false;
  };
  const keptBefore = keptForm && sessionStorage.getItem(KEPT + keptForm.dataset.kept);
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(KEPT)) sessionStorage.removeItem(key);
  if (keptForm) {
    const asItCame = typed();
    let isSent = false;
    if (keptBefore && !("answered" in keptForm.dataset)) putBack(JSON.parse(keptBefore));
    keptForm.addEventListener("submit", () => {
      isSent = true;
      sessionStorage.setItem(KEPT + keptForm.dataset.kept, typed());
    });
    keptForm.addEventListener("click", (event) => {
      if (event.target.closest("[data-discard]")) isSent = true;
    });
    window.addEventListener("beforeunload", (event) => {
      if (!isSent && typed() !== asItCame) event.preventDefault();
    });
    window.addEventListener("pageshow", () => { isSent = false; });
  }

  // A note to a decision outlives a session that has ended: it is back in its field when
  // the row is open again.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const note = event.target.querySelector("[data-note]");
    const address = event.detail.xhr.getResponseHeader("HX-Redirect");
    if (note?.value && address?.includes("/login")) sessionStorage.setItem(note.dataset.note, note.value);
  });
  document.addEventListener("htmx:load", (event) => {
    for (const note of event.target.querySelectorAll("[data-note]")) {
      note.value ||= sessionStorage.getItem(note.dataset.note) || "";
      sessionStorage.removeItem(note.dataset.note);
    }
  });

  // A grid of boxes tells how many of its rows have a box that isn't saved.
  const countBoxes = (form) => {
    const isChanged = (box) => box.checked !== (box.dataset.was === "on");
    const rows = [...form.querySelectorAll("tr[data-row]")];
    for (const row of rows) {
      row.classList.toggle("is-changed", [...row.querySelectorAll("input[data-was]")].some(isChanged));
    }
    const count = rows.filter((row) => row.classList.contains("is-changed")).length;
    const told = count === 0 ? "Nothing changed" : count === 1 ? "1 row changed, not saved" : `${count} rows changed, not saved`;
    for (const place of form.querySelectorAll("[data-box-changes]")) place.textContent = told;
  };
  const boxes = document.querySelector("form:has([data-box-changes])");
  if (boxes) {
    boxes.addEventListener("change", () => countBoxes(boxes));
    countBoxes(boxes);
  }

  // Of a list and the suggestions beside it one is picked, never both.
  document.addEventListener("change", (event) => {
    const choice = event.target.closest("[data-one-of-both]");
    if (!choice) return;
    const [radios, list] = [choice.querySelectorAll("input[type=radio]"), choice.querySelector("select")];
    if (event.target.type === "radio") list.value = "";
    else if (event.target === list && list.value) for (const radio of radios) radio.checked = false;
  });

  // A form is sent once: a second click on its button does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // Says to whoever drives the page that its scripts have run.
  document.addEventListener("htmx:load", (event) => {
    if (event.target === document.body) document.documentElement.dataset.ready = "";
  });
})();
