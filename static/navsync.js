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
    const ticks = document.querySelectorAll(`input[name="row"][form="${form.id}"]`);
    const ticked = [...ticks].filter((tick) => tick.checked).length;
    form.querySelector("[data-ticked]").textContent = `${ticked} selected`;
    const all = form.querySelector("[data-tick-all]");
    all.checked = ticks.length > 0 && ticked === ticks.length;
    all.indeterminate = ticked > 0 && ticked < ticks.length;
  };
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-tick-all]")) {
      for (const tick of document.querySelectorAll(`input[name="row"][form="${box.form.id}"]`)) {
        tick.checked = box.checked;
      }
    }
    if (box.form && box.form.matches("form[data-bulk]")) countTicks(box.form);
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
})();
