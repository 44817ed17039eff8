// Menus with items of plugins.

import React, { useState } from "react";
import { useSelector } from "react-redux";

const NONE = [];

/** What plugins have registered for a place. */
export const useComponents = (name) => useSelector((state) => state.plugins.components[name] ?? NONE);

/** A button that opens a menu; its items are called with `argument`. */
export function Menu({ label, items, argument }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="menu">
      <button type="button" aria-haspopup="true" aria-expanded={open} onClick={() => setOpen(!open)}>{label}</button>
      {open && (
        <ul role="menu" aria-label={label}>
          {items.map(({ id, text, action }) => (
            <li key={id} role="none"><button type="button" role="menuitem" onClick={() => { setOpen(false); action(argument); }}>{text}</button></li>
          ))}
        </ul>
      )}
    </div>
  );
}
