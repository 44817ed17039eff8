// Forms that the plugin opens.

import { ask, requestId } from "./api.js";
import { h } from "./dom.js";
import { markdown } from "./markdown.js";
import { trying } from "./notice.js";

/** Opens a form over the page. */
export function openForm(form, model) {
  const fields = form.fields.map((field) => fieldRow(form, field));
  let isSent = false;
  const answer = (values, cancelled) => trying(() => ask("POST", `/api/forms/${encodeURIComponent(form.id)}`, { values, cancelled, request_id: requestId() }));
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "form-title" }, h("form", {
    method: "dialog", novalidate: true,
    onsubmit: async (event) => {
      event.preventDefault();
      const values = Object.fromEntries(fields.map((field) => [field.name, field.value()]));
      const result = await answer(values, false);
      if (!result) return;
      const errors = Object.entries(result.errors);
      for (const field of fields) field.fail(result.errors[field.name] ?? "");
      if (errors.length) {
        fields.find((field) => result.errors[field.name])?.focus();
        return;
      }
      isSent = true;
      dialog.close();
    },
  },
  h("h2", { id: "form-title" }, form.title),
  form.intro && h("div", { class: "prose" }, markdown(form.intro, model.names)),
  fields.map((field) => field.element),
  h("div", { class: "dialog-buttons" },
    h("button", { type: "button", class: "button", onclick: () => dialog.close() }, "Cancel"),
    h("button", { type: "submit", class: "button button-primary" }, form.submit_label || "Send"))));
  dialog.addEventListener("close", () => {
    if (!isSent) answer({}, true);
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
}

function fieldRow(form, field) {
  const id = `field-${form.id}-${field.name}`;
  const about = { id, name: field.name, required: !field.optional, "aria-describedby": `${id}-help ${id}-error` };
  const help = field.help && h("p", { class: "field-help", id: `${id}-help` }, field.help);
  const error = h("p", { class: "field-error", id: `${id}-error`, role: "alert" });
  const label = h("label", { for: id }, field.label, field.optional && h("span", { class: "optional" }, " (optional)"));
  let control;
  let value;
  if (field.kind === "radio") {
    control = h("fieldset", { class: "radios" }, h("legend", {}, field.label), field.choices.map((choice, at) => h("label", {}, h("input", { type: "radio", id: at ? null : id, name: field.name, value: choice.value, checked: choice.value === field.value }), choice.label)));
    value = () => control.querySelector("input:checked")?.value ?? "";
  } else if (field.kind === "checkbox") {
    const box = h("input", { ...about, type: "checkbox", required: false, checked: field.value === "true" });
    control = h("label", { class: "check" }, box, field.label);
    value = () => String(box.checked);
  } else {
    control = field.kind === "textarea" ? h("textarea", { ...about, rows: "4", value: field.value })
      : field.kind === "select" ? h("select", about, field.choices.map((choice) => h("option", { value: choice.value, selected: choice.value === field.value }, choice.label)))
        : h("input", { ...about, type: "text", inputmode: field.kind === "number" ? "numeric" : null, value: field.value });
    value = () => control.value;
  }
  const isLabelled = field.kind === "radio" || field.kind === "checkbox";
  return {
    name: field.name,
    element: h("div", { class: "field" }, !isLabelled && label, control, help, error),
    value,
    focus: () => (document.getElementById(id) ?? control).focus(),
    fail: (sentence) => {
      error.textContent = sentence;
      document.getElementById(id)?.setAttribute("aria-invalid", String(Boolean(sentence)));
    },
  };
}
