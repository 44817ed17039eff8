/** The setting at the bottom of the plugin's page in the System Console. It saves nothing. */
import React from 'react';

import {Words} from '../card/parts';
import type {SettingProps} from '../host/types';
import {readSite} from './address';
import {Addresses} from './addresses';
import {Check} from './check';

export function Setup({config}: SettingProps) {
  const site = readSite(config);
  return (
    <div className='zoom-setup'>
      <p>
        <Words id='setup.about' />
      </p>
      {/* Another secret or Site URL, as saved, starts it anew. */}
      <Addresses key={site.url + site.secret} site={site} />
      <Check />
    </div>
  );
}
