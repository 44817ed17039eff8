/** The addresses that Zoom has to know of this server. */
import {text} from '../host/http';
import type {SettingProps} from '../host/types';
import {PLUGIN_ID} from '../host/url';

/** What the System Console knows. */
export interface Site {
  /** Without a slash at the end; '' when the server has no Site URL. */
  url: string;
  /** The webhook secret; '' when there is none, asterisks when the server keeps it to itself. */
  secret: string;
}

export const readSite = (config: SettingProps['config']): Site => ({
  url: text(config?.ServiceSettings?.SiteURL).trim().replace(/\/+$/, ''),
  secret: text(config?.PluginSettings?.Plugins?.[PLUGIN_ID]?.['webhooksecret']).trim(),
});

/** Whether this stands in place of a secret: servers send 32 asterisks for one that is set. */
export const isHidden = (secret: string) => /^\*+$/.test(secret);

/** Stands in an address for the secret, where that is not set or not told. */
export const PLACEHOLDER = 'WEBHOOKSECRET';

/** The secret as it goes into an address. */
export const inAddress = (secret: string) => (secret && !isHidden(secret) ? encodeURIComponent(secret) : PLACEHOLDER);

/** An address of the plugin as Zoom calls it. `secret`, ready for a query, goes into it. */
export const address = ({url}: Site, path: string, secret?: string) =>
  `${url}/plugins/${PLUGIN_ID}/${path}${secret ? `?secret=${secret}` : ''}`;
