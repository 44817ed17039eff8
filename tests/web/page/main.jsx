// A page that does with a plugin what Mattermost's web client does, around the local host's chat.

import { url } from "./globals.jsx";
import React, { useEffect, useState } from "react";
import { IntlProvider } from "react-intl";
import { Provider, useDispatch, useSelector } from "react-redux";
import { render } from "react-renderer";
import { TEAM, connect, hear, selectChannel, selectThread } from "./chat.jsx";
import { Console } from "./console.jsx";
import { AppBar, ChannelHeader } from "./header.jsx";
import { Options, startOptions } from "./options.jsx";
import { loadPlugin, removePlugin } from "./plugins.jsx";
import { PostList, useChannelPosts, useThreadPosts } from "./posts.jsx";
import { store } from "./store.jsx";
import { applyTheme } from "./themes.jsx";
import { currentLocale, loadTranslations, translationsOf } from "./translations.jsx";

function Translated({ children }) {
  const dispatch = useDispatch();
  const locale = useSelector(currentLocale);
  const messages = useSelector((state) => translationsOf(state, locale));
  useEffect(() => {
    if (!messages) void dispatch(loadTranslations(locale));
  }, [dispatch, locale, messages]);
  if (!messages) return null;
  return <IntlProvider key={locale} locale={locale} messages={messages} textComponent="span" wrapRichTextChunksInFragment={false} onError={complain}>{children}</IntlProvider>;
}

/** The page's own texts are English; a text of the plugin's that is missing or cannot be read is a fault. */
function complain(error) {
  console.error(error.message);
}

function Center({ options }) {
  const channelId = useSelector((state) => state.entities.channels.currentChannelId);
  const rootId = useSelector((state) => window.ProductApi.getIsRhsOpen(state) && window.ProductApi.getRhsSelectedPostId(state));
  const ids = useChannelPosts(options.channelId);
  if (options.view === "threads") return <Threads ids={ids} />;
  if (!channelId) return null;
  if (options.view === "search") return <main className="center"><h1>Search results</h1><PostList ids={ids} isSearch={true} label="Results" /></main>;
  return (
    <main className="center">
      <ChannelHeader appBar={options.appBar} />
      <PostList ids={ids} isRHS={false} label="Channel" onReply={(id) => store.dispatch(window.ProductApi.selectRhsPost(id))} />
      {rootId && <Thread rootId={rootId} close={() => store.dispatch(window.ProductApi.closeRhs())} />}
    </main>
  );
}

function Thread({ rootId, close }) {
  const ids = useThreadPosts(rootId);
  return (
    <aside className="rhs" aria-label="Thread">
      <button type="button" onClick={close}>Close the thread</button>
      <PostList ids={ids} isRHS={true} label="Replies" />
    </aside>
  );
}

/** The Threads view: there is no current channel. */
function Threads({ ids }) {
  const rootId = useSelector((state) => state.views.threads.selectedThreadIdInTeam[TEAM.id]);
  const posts = useSelector((state) => state.entities.posts.posts);
  return (
    <main className="center">
      <h1>Threads</h1>
      <ul className="threads">{ids.filter((id) => posts[id]?.type !== "system_ephemeral").map((id) => <li key={id}><button type="button" onClick={() => selectThread(id)}>{posts[id]?.message.slice(0, 40)}</button></li>)}</ul>
      {rootId && <Thread rootId={rootId} close={() => selectThread(null)} />}
    </main>
  );
}

function App({ manifest }) {
  const [options, setOptions] = useState(startOptions);
  useEffect(() => {
    selectChannel(options.view === "threads" ? "" : options.channelId);
    store.dispatch({ type: "SUPPRESS_RHS", suppressed: options.view === "threads" });
  }, [options.view, options.channelId]);
  useEffect(() => applyTheme(options.theme), [options.theme]);
  useEffect(() => {
    window.page = { hear, set: (changed) => setOptions((before) => ({ ...before, ...changed })), remove: () => removePlugin(manifest) };
  }, [manifest]);
  return (
    <Options.Provider value={options}>
      <div className={options.compact ? "app compact" : "app"} data-view={options.view}>
        {options.view === "console" ? <Console manifest={manifest} /> : <Center options={options} />}
        {options.appBar && options.view !== "console" && <AppBar />}
      </div>
    </Options.Provider>
  );
}

async function start() {
  const session = await (await fetch(url("/api/v4/session"))).json();
  await connect(session, startOptions.preferences);
  const locale = currentLocale(store.getState());
  document.documentElement.lang = locale;
  document.documentElement.dir = locale === "ar" ? "rtl" : "ltr";
  const [manifest] = await (await fetch(url("/api/v4/plugins/webapp"))).json();
  render(<Provider store={store}><Translated><App manifest={manifest} /></Translated></Provider>, document.getElementById("root"));
  if (startOptions.plugin && !startOptions.native) await loadPlugin(manifest, session.site_url);
  document.documentElement.dataset.ready = "yes";
}

void start();
