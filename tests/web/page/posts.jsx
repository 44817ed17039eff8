// Posts, in the channel and in threads.

import React from "react";
import { useIntl } from "react-intl";
import { useSelector } from "react-redux";
import { Attachments } from "./attachments.jsx";
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

/** Posts in the store's order, with a line wherever the day is another than the one of the post above. */
export function PostList({ ids, isRHS = false, isSearch = false, label, onReply }) {
  const posts = useSelector((state) => state.entities.posts.posts);
  const intl = useIntl();
  let before;
  const rows = ids.filter((id) => posts[id]).flatMap((id) => {
    const day = intl.formatDate(posts[id].create_at, { year: "numeric", month: "long", day: "2-digit" });
    const line = day === before ? [] : [<div key={`date-${id}`} className="date-separator" role="separator">{day}</div>];
    before = day;
    return [...line, <Post key={id} id={id} isRHS={isRHS} isSearch={isSearch} onReply={onReply} />];
  });
  return <div className="post-list" role="log" aria-label={label}>{rows}</div>;
}

function Post({ id, isRHS, isSearch, onReply }) {
  const post = useSelector((state) => state.entities.posts.posts[id]);
  const author = useSelector((state) => state.entities.users.profiles[post?.user_id]);
  const replies = useSelector((state) => state.entities.posts.postsInThread[id]?.length ?? 0);
  const { compact } = useOptions();
  const intl = useIntl();
  const isPrivate = post.type === "system_ephemeral";
  const name = author?.username ?? "System";
  return (
    <div className={["post", isPrivate && "post--ephemeral", compact && "post--compact"].filter(Boolean).join(" ")} data-post={id}>
      <div className="post__content">
        <div className="post__img" aria-hidden="true">{name.slice(0, 1).toUpperCase()}</div>
        <div>
          <div className="post__header">
            <strong className="col__name"><bdi>{name}</bdi></strong>
            <time className="post__time" dateTime={new Date(post.create_at).toISOString()}>{intl.formatTime(post.create_at)}</time>
            {isPrivate && <span className="post__visibility">Only visible to you</span>}
            {!isPrivate && (
              <div className="post-menu">
                <PostMenu id={id} />
                {onReply && <button type="button" className="post__reply" onClick={() => onReply(id)}>{replies ? `${replies} replies` : "Reply"}</button>}
              </div>
            )}
          </div>
          <div className="post__body">
            <PostBody post={post} isRHS={isRHS} isSearch={isSearch} />
            {post.file_ids?.map((file) => <a key={file} href={url(`/files/${file}`)}>Download the file</a>)}
          </div>
        </div>
      </div>
    </div>
  );
}

function PostMenu({ id }) {
  const items = useComponents("PostDropdownMenu").filter(({ filter }) => filter(id));
  return items.length > 0 && <Menu label="More" items={items} argument={id} />;
}

/** By the client's own rules: a plugin's component stands in the place of the message, for the prop `type` or else the post's type;
 *  and attachments are drawn below it unless the post's type itself is the plugin's, in results of a search always. Apps for phones draw
 *  message and attachments. */
function PostBody({ post, isRHS, isSearch }) {
  const postTypes = useSelector((state) => state.plugins.postTypes);
  const { compact, native, theme } = useOptions();
  const type = typeof post.props.type === "string" ? post.props.type : post.type;
  const Component = !native && Object.hasOwn(postTypes, type) && postTypes[type].component;
  const message = Component
    ? <Component post={post} compactDisplay={compact} isRHS={isRHS} theme={THEMES[theme]} />
    : <div className="post-message__text" dir="auto"><Markdown text={post.message} /></div>;
  if (!native && !isSearch && Object.hasOwn(postTypes, post.type)) return message;
  return <div>{message}<Attachments post={post} /></div>;
}
