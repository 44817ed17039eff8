// What the client draws below the message of a post: attachments, as links, words and buttons of its own.

import React from "react";
import { pressAction } from "./chat.jsx";
import { Markdown } from "./markdown.jsx";

/** `metadata` says that there is something to draw, and the props what. */
export function Attachments({ post }) {
  const { attachments } = post.props;
  if (post.metadata.embeds?.[0]?.type !== "message_attachment" || !Array.isArray(attachments)) return null;
  return (
    <div id={`messageAttachmentList_${post.id}`} className="attachment__list">
      {attachments.map((attachment, index) => <Attachment key={index} postId={post.id} attachment={attachment ?? {}} />)}
    </div>
  );
}

function Attachment({ postId, attachment: { title, title_link: link, text, actions } }) {
  return (
    <div className="attachment">
      {title && <div className="attachment__title" dir="auto">{link ? <a href={link} target="_blank" rel="noopener noreferrer">{title}</a> : title}</div>}
      {text && <div className="attachment__text" dir="auto"><Markdown text={text} /></div>}
      {actions?.length > 0 && (
        <div className="attachment-actions">
          {actions.map(({ id, name }) => <button key={id} type="button" onClick={() => void pressAction(postId, id)}>{name}</button>)}
        </div>
      )}
    </div>
  );
}
