// Builds elements. Content is only ever set as text: nothing here parses HTML.

/** An element with attributes, listeners (`onclick` and so on) and children. `false`, `null` and `undefined` leave an attribute or child out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...present(children));
  return element;
}

/** The children that are there, flattened. */
function present(children) {
  return children.flat(Infinity).filter((child) => child !== false && child !== null && child !== undefined && child !== "");
}

const signatures = new WeakMap();

/** Makes the list of children equal to `wanted`: [key, signature, build] each. Elements whose signature is unchanged stay, with their focus. */
export function reconcile(parent, wanted) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const [key, signature, build] of wanted) {
    let element = old.get(key);
    old.delete(key);
    if (!element || signatures.get(element) !== signature) {
      const made = build();
      made.dataset.key = key;
      signatures.set(made, signature);
      if (element) {
        if (element === place) place = made;
        swap(element, made);
      }
      element = made;
    }
    if (element === place) place = place.nextElementSibling;
    else parent.insertBefore(element, place);
  }
  for (const element of old.values()) element.remove();
}

/** Puts `made` where `element` was, and the focus where it was in it. */
function swap(element, made) {
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  if (element.tabIndex === 0 && element.hasAttribute("tabindex")) made.tabIndex = 0;
  element.replaceWith(made);
  if (!focused) return;
  const name = focused.dataset.focus;
  const again = name && made.querySelector(`[data-focus="${CSS.escape(name)}"]`);
  (again || made).focus({ preventScroll: true });
}

/** One tab stop for a list: arrow keys, Home and End move through its items. `selector` finds them. */
export function rove(list, selector) {
  const items = () => [...list.querySelectorAll(selector)];
  const stop = (item) => {
    for (const other of items()) other.tabIndex = other === item ? 0 : -1;
  };
  list.addEventListener("focusin", (event) => {
    const item = event.target.closest(selector);
    if (item && list.contains(item)) stop(item);
  });
  list.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(event.target);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[Math.min(Math.max(to, 0), all.length - 1)]?.focus();
  });
  return {
    /** Call after items came or went: `preferred` or the last item becomes the stop when none is. */
    refresh(preferred) {
      const all = items();
      const kept = all.find((item) => item.tabIndex === 0 && item.hasAttribute("tabindex"));
      const item = preferred ?? (all.filter((item) => item.tabIndex === 0).length === 1 ? kept : null) ?? all.at(-1);
      if (item) stop(item);
    },
  };
}

/** Says a sentence to people who listen to the page. */
export function announce(sentence) {
  const announcer = document.getElementById("announcer");
  announcer.textContent = "";
  requestAnimationFrame(() => { announcer.textContent = sentence; });
}
