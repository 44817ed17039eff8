// The plugin's page in the System Console: its custom settings. The console gives a component the saved configuration, in which the
// server has masked the secrets.

import React, { useEffect, useState } from "react";
import { useSelector } from "react-redux";
import { url } from "./globals.jsx";

export function Console({ manifest }) {
  const components = useSelector((state) => state.plugins.adminConsoleCustomComponents);
  const [config, setConfig] = useState();
  useEffect(() => {
    void fetch(url("/api/v4/config"), { headers: { "X-Requested-With": "XMLHttpRequest" } }).then((response) => response.json()).then(setConfig);
  }, []);
  if (!config) return null;
  const forbidden = (name) => () => { throw new Error(`the setting calls ${name}, but has nothing to save`); };
  return (
    <main className="console">
      <h1>{manifest.name}</h1>
      {manifest.settings_schema.settings.filter(({ type, key }) => type === "custom" && components[key.toLowerCase()]).map((setting) => {
        const { component: Component, showTitle } = components[setting.key.toLowerCase()];
        const id = `PluginSettings.Plugins.${manifest.id}.${setting.key.toLowerCase()}`;
        return (
          <div key={id} className="form-group">
            {showTitle && <span className="control-label">{setting.display_name}</span>}
            <Component
              id={id} label={setting.display_name} helpText={setting.help_text ?? ""} value={undefined} disabled={false} config={config} license={{}} setByEnv={false}
              onChange={forbidden("onChange")} setSaveNeeded={forbidden("setSaveNeeded")} registerSaveAction={forbidden("registerSaveAction")} unRegisterSaveAction={() => {}}
            />
          </div>
        );
      })}
    </main>
  );
}
