// Posts, in the channel and in threads.

import React from "react";
import { useSelector } from "react-redux";
import { url } from "./globals.jsx";
import { Markdown } from "./markdown.jsx";
import { Menu, useComponents } from "./menu.jsx";
import { THEMES } from "./themes.jsx";
import { useOptions } from "./options.jsx";

/** Ids, oldest first: of a channel's posts without the replies, or of a thread with its root. */
export function useChannelPosts(channelId) {
  return useSelector((state) => state.entities.posts.postsInChannel[channelId]?.find((block) => block.recent)?.order)?.slice().reverse() ?? [];
}

export function useThreadPosts(rootId) {
  const posts = useSelector((state) => state.entities.posts.posts);
  const replies = useSelector((state) => state.entities.posts.postsInThread[rootId]) ?? [];
  return [rootId, ...[...replies].sort((one, other) => (posts[one]?.create_at ?? 0) - (posts[other]?.create_at ?? 0))];
}

export function PostList({ ids, isRHS, label, onReply }) {
  return <div className="post-list" role="log" aria-label={label}>{ids.map((id) => <Post key={id} id={id} isRHS={isRHS} onReply={onReply} />)}</div>;
}

function Post({ id, isRHS, onReply }) {
  const post = useSelector((state) => state.entities.posts.posts[id]);
  const author = useSelector((state) => state.entities.users.profiles[post?.user_id]);
  const replies = useSelector((state) => state.entities.posts.postsInThread[id]?.length ?? 0);
  if (!post) return null;
  const isPrivate = post.type === "system_ephemeral";
  return (
    <div className={isPrivate ? "post post--ephemeral" : "post"} data-post={id}>
      <div className="post__picture" aria-hidden="true">{(author?.username ?? "S").slice(0, 1).toUpperCase()}</div>
      <div className="post__header">
        <strong><bdi>{author?.username ?? "System"}</bdi></strong>
        {isPrivate && <span className="post__visibility">Only visible to you</span>}
        {!isPrivate && <PostMenu id={id} />}
        {!isRHS && !isPrivate && <button type="button" className="post__reply" onClick={() => onReply(id)}>{replies ? `${replies} replies` : "Reply"}</button>}
      </div>
      <div className="post__body"><PostBody post={post} isRHS={isRHS} /></div>
      {post.file_ids?.map((file) => <a key={file} href={url(`/files/${file}`)}>Download the file</a>)}
    </div>
  );
}

function PostMenu({ id }) {
  const items = useComponents("PostDropdownMenu").filter(({ filter }) => filter(id));
  return items.length > 0 && <Menu label="More" items={items} argument={id} />;
}

/** By the client's own rule: the prop comes before the type, and a plugin's component in the place of all else. */
function PostBody({ post, isRHS }) {
  const postTypes = useSelector((state) => state.plugins.postTypes);
  const { compact, theme } = useOptions();
  const type = typeof post.props?.type === "string" ? post.props.type : post.type;
  if (Object.hasOwn(postTypes, type)) {
    const Component = postTypes[type].component;
    return <Component post={post} compactDisplay={compact} isRHS={isRHS} theme={THEMES[theme]} />;
  }
  return (
    <>
      <div className="post-message__text" dir="auto"><Markdown text={post.message} /></div>
      {post.props?.attachments?.map(({ title, text }, index) => (
        <div key={index} className="attachment"><Markdown text={[title, text].filter(Boolean).join("\n\n")} /></div>
      ))}
    </>
  );
}
