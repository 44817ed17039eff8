/** The web client's part of the plugin: Mattermost loads it by a script tag and initializes it then. */
import css from './style.css';

import {registerButtons} from './buttons';
import {registerCards} from './card';
import type {Registry, Store} from './host/types';
import {PLUGIN_ID} from './host/url';
import {registerTexts} from './i18n';
import {Setup} from './setup';
import {vouchingBy} from './vouch';

interface Plugin {
  initialize(registry: Registry, store: Store): void;
  uninitialize(): void;
}

declare global {
  interface Window {
    registerPlugin(id: string, plugin: Plugin): void;
  }
}

let undo: (() => void)[] = [];

window.registerPlugin(PLUGIN_ID, {
  initialize(registry, store) {
    const vouching = vouchingBy();
    undo = [addStyle(), registerTexts(registry, store), () => vouching.stop()];
    registerCards(registry, store, vouching);
    registerButtons(registry, store);
    registry.registerAdminConsoleCustomSetting('Setup', Setup, {showTitle: true});
    registry.registerReconnectHandler(() => vouching.again());
  },
  /** The client removes what was registered by itself. */
  uninitialize() {
    undo.forEach((undoOne) => undoOne());
    undo = [];
  },
});

function addStyle(): () => void {
  const style = document.createElement('style');
  style.textContent = css;
  document.head.append(style);
  return () => style.remove();
}
