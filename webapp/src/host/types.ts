/** What this plugin uses of Mattermost's web client, and no more: each part may be missing in another version. */
import type {Channel} from '@mattermost/types/channels';
import type {Post as AnyPost} from '@mattermost/types/posts';
import type {PreferenceType} from '@mattermost/types/preferences';
import type {UserProfile} from '@mattermost/types/users';
import type {ComponentType, ReactElement, ReactNode} from 'react';

export type {Channel};

/** A post. Plugins have types of their own. */
export type Post = Omit<AnyPost, 'type'> & {type: string};

/** The slices of the Redux store that are read. */
export interface State {
  entities: {
    channels?: {currentChannelId?: string};
    general?: {config?: {SiteURL?: string; DefaultClientLocale?: string; CollapsedThreads?: string}};
    posts: {posts: Record<string, Post | undefined>};
    preferences?: {myPreferences?: Record<string, PreferenceType | undefined>};
    teams?: {currentTeamId?: string};
    threads?: {threads?: Record<string, {post?: Post} | undefined>};
    users?: {currentUserId?: string; profiles?: Record<string, UserProfile | undefined>};
  };
  views?: {
    i18n?: {translations?: Record<string, Translations | undefined>};
    threads?: {selectedThreadIdInTeam?: Record<string, string | null | undefined>};
  };
  /** What the plugin that summarises meetings offers to others. */
  'plugins-mattermost-ai'?: {callsPostButtonClickedTranscription?: unknown};
}

export type Translations = Readonly<Record<string, string>>;

export interface Store {
  getState(): State;
  dispatch(action: {type: string; [more: string]: unknown}): unknown;
  subscribe(listener: () => void): () => void;
}

/** Props of a component that draws posts. */
export interface PostProps {
  post: Post;
  compactDisplay?: boolean;
  isRHS?: boolean;
}

/** Props of a setting in the System Console. */
export interface SettingProps {
  id?: string;
  config?: {
    ServiceSettings?: {SiteURL?: string};
    PluginSettings?: {Plugins?: Record<string, Record<string, unknown> | undefined>};
  };
}

type ChannelAction = (channel?: Channel) => void;

/** The methods of Mattermost's plugin registry that are called, by position: all versions take that. */
export interface Registry {
  /** `icon` and `dropdownText`, for narrow windows, are new in Mattermost 11; 10 leaves them alone. */
  registerCallButtonAction(
    button: ReactElement,
    dropdownButton: ReactElement,
    action: ChannelAction,
    icon: ReactElement,
    dropdownText: ReactNode,
  ): string;
  registerChannelHeaderButtonAction(
    icon: ReactElement,
    action: ChannelAction,
    dropdownText: ReactNode,
    tooltipText: ReactNode,
  ): string;
  registerAppBarComponent(iconUrl: string, action: ChannelAction, tooltipText: ReactNode): string;
  registerChannelHeaderMenuAction(text: ReactNode, action: (channelId: string) => void): string;
  /** The menu of a message, which keyboards reach: in the channel, in a thread, in the Threads view. */
  registerPostDropdownMenuAction(
    text: ReactNode,
    action: (postId: string) => void,
    filter: (postId: string) => boolean,
  ): string;
  registerPostTypeComponent(type: string, component: ComponentType<PostProps>): string;
  registerAdminConsoleCustomSetting(
    key: string,
    component: ComponentType<SettingProps>,
    options: {showTitle: boolean},
  ): void;
  registerTranslations(source: (locale: string) => Translations): void;
  registerReconnectHandler(handler: () => void): void;
}
