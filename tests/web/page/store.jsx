// The client's store: all reducers of mattermost-redux, and beside them those of the app that plugins look at or reach by the
// registry.

import configureStore from "mattermost-redux/store";

const at = (type, reduce, initial) => (state = initial, action) => (action.type === type ? reduce(state, action) : state);

/** `undefined` for what is no part: combining reducers of the same library as the store's keeps one copy of it. */
const combine = (reducers) => (state = {}, action) => {
  const next = Object.fromEntries(Object.entries(reducers).map(([key, reduce]) => [key, reduce(state[key], action)]));
  return Object.keys(next).every((key) => next[key] === state[key]) ? state : next;
};

const views = combine({
  i18n: combine({
    translations: at("RECEIVED_TRANSLATIONS", (state, { data }) => ({ ...state, [data.locale]: data.translations }), { en: {} }),
  }),
  rhs: combine({
    selectedPostId: at("SELECT_POST", (_, { postId }) => postId, ""),
    isSidebarOpen: at("SELECT_POST", (_, { postId }) => Boolean(postId), false),
  }),
  // The Threads view hides the panel.
  rhsSuppressed: at("SUPPRESS_RHS", (_, { suppressed }) => suppressed, false),
  threads: combine({
    selectedThreadIdInTeam: at("CHANGED_SELECTED_THREAD", (state, { data }) => ({ ...state, [data.team_id]: data.thread_id }), {}),
  }),
});

const plugins = combine({
  components: at("RECEIVED_PLUGIN_COMPONENT", (state, { name, data }) => ({ ...state, [name]: [...(state[name] ?? []), data] }), {}),
  postTypes: at("RECEIVED_PLUGIN_POST_COMPONENT", (state, { data }) => ({ ...state, [data.type]: data }), {}),
  adminConsoleCustomComponents: at("RECEIVED_ADMIN_CONSOLE_CUSTOM_COMPONENT", (state, { data }) => ({ ...state, [data.key.toLowerCase()]: data }), {}),
});

export const store = configureStore({ appReducers: { views, plugins } });
