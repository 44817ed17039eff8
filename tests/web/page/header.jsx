// Where plugins have buttons: the channel's header and its menu, and the App Bar.

import React, { useState } from "react";
import { useSelector } from "react-redux";
import { Menu, useComponents } from "./menu.jsx";


function useCurrent() {
  const channel = useSelector((state) => state.entities.channels.channels[state.entities.channels.currentChannelId]);
  const member = useSelector((state) => state.entities.channels.myMembers[state.entities.channels.currentChannelId]);
  return [channel, member];
}

export function ChannelHeader({ appBar }) {
  const [channel, member] = useCurrent();
  const calls = useComponents("CallButton");
  const buttons = useComponents("ChannelHeaderButton");
  return (
    <header className="channel-header">
      <h1>{channel?.display_name}</h1>
      {channel && <ChannelMenu channel={channel} />}
      {/* The App Bar takes the place of the buttons. */}
      {!appBar && buttons.map(({ id, icon, action, tooltipText, dropdownText }) => <HeaderButton key={id} icon={icon} label={tooltipText ?? dropdownText} onClick={() => action(channel, member)} />)}
      {calls.map(({ id, button, action }) => {
        // The client wraps what the plugin draws, and listens to both.
        const fire = () => action(channel, member);
        return <div key={id} className="flex-child" onClick={fire} onTouchEnd={fire}>{button}</div>;
      })}
    </header>
  );
}

function HeaderButton({ icon, label, onClick }) {
  const [id] = useState(() => `header-button-${Math.random().toString(36).slice(2)}`);
  return (
    <>
      <button type="button" className="channel-header__icon" aria-labelledby={id} onClick={onClick}>{icon}</button>
      <span id={id} className="sr-only">{label}</span>
    </>
  );
}

function ChannelMenu({ channel }) {
  const state = useSelector((whole) => whole);
  const items = useComponents("ChannelHeader").filter(({ shouldRender }) => shouldRender(state));
  return <Menu label="Channel menu" items={items} argument={channel.id} />;
}

/** Its icons take no key, as in the client. */
export function AppBar() {
  const [channel, member] = useCurrent();
  return (
    <nav className="app-bar" aria-label="Apps">
      {useComponents("AppBar").map(({ id, pluginId, iconUrl, tooltipText, action }) => (
        <div key={id} id={`app-bar-icon-${pluginId}`} className="app-bar__icon" onClick={() => action(channel, member)}>
          <div role="button" tabIndex={0} className="app-bar__icon-inner"><img src={iconUrl} alt={pluginId} /></div>
          <span className="app-bar__tooltip">{tooltipText}</span>
        </div>
      ))}
    </nav>
  );
}
