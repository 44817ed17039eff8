// What plugins register. The methods of the client's registry that exist, each by position or with one object; calls of others
// fail as they do there, and arguments that the client could not draw or call fail where it would only misbehave later.

import React from "react";
import { registerPluginTranslationsSource } from "./translations.jsx";

let last = 0;

const isText = (value) => typeof value === "string" && value !== "";
const isNode = (value) => isText(value) || React.isValidElement(value) || isComponent(value);
const isComponent = (value) => typeof value === "function" || (typeof value === "object" && value !== null && "$$typeof" in value && !React.isValidElement(value));
const isFunction = (value) => typeof value === "function";
const optional = (is) => (value) => value === undefined || is(value);

const element = (value) => (isComponent(value) ? React.createElement(value) : value);

/** A method that takes `shape`'s members by position or in one object. */
function method(name, shape, run) {
  const names = Object.keys(shape);
  return (...args) => {
    const [first] = args;
    const named = args.length === 1 && typeof first === "object" && first !== null && !React.isValidElement(first) && names.some((key) => key in first);
    if (args.length > names.length) throw new TypeError(`${name} takes ${names.length} arguments, not ${args.length}`);
    const values = named ? first : Object.fromEntries(args.map((value, index) => [names[index], value]));
    for (const key of Object.keys(values)) {
      if (!names.includes(key)) throw new TypeError(`${name} knows no ${key}`);
    }
    for (const key of names) {
      if (!shape[key](values[key])) throw new TypeError(`${name}: ${key} is no such thing`);
    }
    return run(values);
  };
}

/** The registry for one plugin. `manifest` is its manifest, and `handlers` gets what no store keeps. */
export function registryFor(manifest, store, handlers) {
  const add = (name, data) => {
    last += 1;
    const id = `component${last}`;
    store.dispatch({ type: "RECEIVED_PLUGIN_COMPONENT", name, data: { id, pluginId: manifest.id, ...data } });
    return id;
  };
  const methods = {
    registerChannelHeaderButtonAction: [
      { icon: isNode, action: isFunction, dropdownText: isNode, tooltipText: optional(isNode) },
      ({ icon, action, dropdownText, tooltipText }) => add("ChannelHeaderButton", { icon: element(icon), action, dropdownText: element(dropdownText), tooltipText: element(tooltipText) }),
    ],
    registerCallButtonAction: [
      { button: isNode, dropdownButton: isNode, action: isFunction, icon: optional(isNode), dropdownText: optional(isNode) },
      ({ button, dropdownButton, action }) => add("CallButton", { button: element(button), dropdownButton: element(dropdownButton), action }),
    ],
    registerChannelHeaderMenuAction: [
      { text: isNode, action: isFunction, shouldRender: optional(isFunction) },
      ({ text, action, shouldRender = () => true }) => add("ChannelHeader", { text: element(text), action, shouldRender }),
    ],
    registerAppBarComponent: [
      { iconUrl: isText, action: isFunction, tooltipText: isNode, supportedProductIds: optional((value) => value === null || isText(value) || Array.isArray(value)) },
      ({ iconUrl, action, tooltipText }) => add("AppBar", { iconUrl, action, tooltipText: element(tooltipText) }),
    ],
    registerPostDropdownMenuAction: [
      { text: isNode, action: isFunction, filter: optional(isFunction) },
      ({ text, action, filter = () => true }) => add("PostDropdownMenu", { text: element(text), action, filter }),
    ],
    registerPostTypeComponent: [
      { type: (value) => isText(value) && value.startsWith("custom_"), component: isComponent },
      ({ type, component }) => {
        store.dispatch({ type: "RECEIVED_PLUGIN_POST_COMPONENT", data: { id: type, pluginId: manifest.id, type, component } });
        return type;
      },
    ],
    registerAdminConsoleCustomSetting: [
      {
        // The console draws a component where the manifest has a setting of that name and of this kind, and nowhere else.
        key: (value) => manifest.settings_schema.settings.some(({ key, type }) => type === "custom" && key === value),
        component: isComponent,
        options: optional((value) => typeof value === "object" && Object.keys(value).every((key) => key === "showTitle")),
      },
      ({ key, component, options: { showTitle } = { showTitle: false } }) => { store.dispatch({ type: "RECEIVED_ADMIN_CONSOLE_CUSTOM_COMPONENT", data: { key, component, showTitle } }); },
    ],
    registerTranslations: [
      { getTranslationsForLocale: isFunction },
      ({ getTranslationsForLocale }) => { store.dispatch(registerPluginTranslationsSource(manifest.id, getTranslationsForLocale)); },
    ],
    registerWebSocketEventHandler: [{ event: isText, handler: isFunction }, ({ event, handler }) => { handlers.events.set(event, handler); }],
    registerReconnectHandler: [{ handler: isFunction }, ({ handler }) => { handlers.reconnect = handler; }],
    unregisterComponent: [{ componentId: isText }, () => {}],
  };
  return Object.fromEntries(Object.entries(methods).map(([name, [shape, run]]) => [name, method(name, shape, run)]));
}
