// What is typed stays in this tab until it is sent or its writer signs out; never files or passwords.
(() => {
  const SENT = "draft-sent";
  const store = sessionStorage;
  const keyOf = (form) => `draft:${form.dataset.draft}`;
  const fieldsOf = (form) =>
    [...form.querySelectorAll("input:not([type=hidden], [type=password], [type=file]), textarea, select")];

  const keep = (form) => {
    const typed = fieldsOf(form).map(({ name, value, checked }) => [name, value, checked]);
    store.setItem(keyOf(form), JSON.stringify(typed));
  };
  const restore = (form) => {
    const typed = JSON.parse(store.getItem(keyOf(form)) || "[]");
    fieldsOf(form).forEach((field) => {
      const isChoice = /^(radio|checkbox)$/.test(field.type);
      const own = typed.find(([name, value]) => name === field.name && (!isChoice || value === field.value));
      if (!own) return;
      if (isChoice) field.checked = own[2];
      else field.value ||= own[1];
    });
  };

  // What was sent before this page is done with, unless this page asks to mend it.
  const sent = store.getItem(SENT);
  store.removeItem(SENT);
  const isRefused = document.querySelector("[data-keep-draft]");
  const [arrival] = performance.getEntriesByType("navigation");
  if (document.querySelector("[data-signed-out]")) store.clear();
  if (sent && arrival?.type === "navigate" && !isRefused) store.removeItem(sent);

  document.querySelectorAll("form[data-draft]").forEach((form) => {
    if (!isRefused) restore(form);
    form.addEventListener("input", () => keep(form));
  });
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[data-signs-out]")) store.clear();
    else if (target.dataset.draft) store.setItem(SENT, keyOf(target));
  });
})();
