// Forms that the plugin opens.

import { ask, requestId } from "./api.js";
import { h } from "./dom.js";
import { markdown } from "./markdown.js";
import { trying } from "./notice.js";

/** Shows a form until it is answered or closed. */
export function showForm(form, model) {
  const errors = new Map();
  const fields = form.fields.map((field, at) => {
    const error = h("p", { class: "field-error", id: `field-${at}-error` });
    errors.set(field.name, error);
    return { field, error, element: input(field, at) };
  });
  const send = (cancelled) => trying(async () => {
    const values = cancelled ? {} : Object.fromEntries(fields.map(({ field, element }) => [field.name, valueOf(field, element)]));
    const answer = await ask("POST", `/api/forms/${encodeURIComponent(form.id)}`, { request_id: requestId(), values, cancelled });
    const wrong = Object.entries(answer?.errors ?? {});
    for (const error of errors.values()) error.textContent = "";
    for (const [name, sentence] of wrong) (errors.get(name) ?? [...errors.values()][0]).textContent = sentence;
    if (!wrong.length) dialog.close();
  });
  const dialog = h("dialog", { class: "form", "aria-label": form.title, onclose: () => dialog.remove(), oncancel: () => send(true) },
    h("form", { onsubmit: (event) => { event.preventDefault(); send(false); } },
      h("h2", {}, form.title),
      form.intro && h("div", {}, markdown(form.intro, model.names)),
      fields.map(({ field, error, element }, at) => h("div", { class: "field" },
        field.kind === "radio" ? null : h("label", { for: `field-${at}` }, field.label, field.optional && h("span", { class: "quiet-text" }, " (optional)")),
        element,
        field.help && h("p", { class: "quiet-text" }, field.help),
        error)),
      h("div", { class: "form-actions" },
        h("button", { type: "button", class: "button", onclick: async () => { await send(true); dialog.close(); } }, "Cancel"),
        h("button", { type: "submit", class: "button button-primary" }, form.submit_label || "Save"))));
  document.body.append(dialog);
  dialog.showModal();
}

function input(field, at) {
  const common = { id: `field-${at}`, "aria-describedby": `field-${at}-error`, required: !field.optional && field.kind !== "checkbox" };
  switch (field.kind) {
    case "textarea": return h("textarea", { ...common, rows: "4", value: field.value ?? "" });
    case "checkbox": return h("input", { ...common, type: "checkbox", checked: field.value === "true" });
    case "select": {
      const select = h("select", common, field.optional && h("option", { value: "" }, "–"),
        field.choices.map((choice) => h("option", { value: choice.value }, choice.label)));
      select.value = field.value ?? "";
      return select;
    }
    case "radio": return h("fieldset", { id: common.id }, h("legend", {}, field.label), field.choices.map((choice) =>
      h("label", {}, h("input", { type: "radio", name: common.id, value: choice.value, checked: choice.value === field.value }), choice.label)));
    default: return h("input", { ...common, type: field.kind === "number" ? "number" : "text", value: field.value ?? "" });
  }
}

function valueOf(field, element) {
  if (field.kind === "checkbox") return String(element.checked);
  if (field.kind === "radio") return element.querySelector("input:checked")?.value ?? "";
  return element.value;
}
