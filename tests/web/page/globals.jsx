// What the client puts on `window` for plugins. Only what all its versions from 10 on have; the rest stays away, so that a bundle
// that needs it fails here.

window.React = require("react");
window.ReactDOM = require("react-dom");
window.ReactIntl = require("react-intl");
window.Redux = require("redux");
window.ReactRedux = require("react-redux");
window.ProductApi = {
  closeRhs: () => ({ type: "SELECT_POST", postId: "", channelId: "" }),
  // A thunk, as there; that one fetches a post that is not in the store first.
  selectRhsPost: (postId) => (dispatch, getState) => {
    const post = getState().entities.posts.posts[postId];
    return post && dispatch({ type: "SELECT_POST", postId: post.root_id || post.id, channelId: post.channel_id, timestamp: Date.now() });
  },
  getRhsSelectedPostId: (state) => state.views.rhs.selectedPostId,
  getIsRhsOpen: (state) => state.views.rhs.isSidebarOpen && !state.views.rhsSuppressed,
};

/** Where the client lives on its host: '' or a path. The script's own address tells. */
window.basename = new URL(document.currentScript.src).pathname.replace(/\/static\/.*/, "");

export const url = (path) => `${window.basename}${path}`;
