/** The tab that a meeting opens in. The only file that opens windows. */

/** A tab that was opened for an answer that is still to come. */
export interface Tab {
  /** Leads it to an address. `false` when it could not be opened: the browser blocks windows of this page. */
  go(url: string): boolean;
  /** Closes it: there is nothing to show in it. */
  close(): void;
}

/**
 * Opens a tab that waits. To be called within the user's press: browsers block windows that open later.
 *
 * Mattermost's desktop app takes no empty window, and opens addresses at any time: there the tab opens with its address.
 */
export function openTab(words: string, lang: string): Tab {
  const late = /\bElectron\//.test(navigator.userAgent);
  const tab = late ? null : window.open('', '_blank');
  if (tab) {
    say(tab, words, lang);
    // Where it leads to has no business with this page.
    tab.opener = null;
  }
  return {
    go(url) {
      if (late) {
        window.open(url, '_blank', 'noopener,noreferrer');
      } else if (tab && !tab.closed) {
        tab.location.replace(url);
      }
      return late || tab !== null;
    },
    close() {
      tab?.close();
    },
  };
}

function say(tab: Window, words: string, lang: string): void {
  const page = tab.document;
  page.title = words;
  page.documentElement.lang = lang;
  const line = page.createElement('p');
  line.dir = 'auto';
  line.textContent = words;
  line.style.cssText = 'font:16px/1.5 system-ui,sans-serif;margin:20vh auto;text-align:center';
  page.body.append(line);
}
