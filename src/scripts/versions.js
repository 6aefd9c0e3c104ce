// Keeps the version of a campaign that a visitor has, where touches are kept, and forgets all of them when the visitor
// refuses. It runs after the arrival script. `storage` is where both are kept. Pages with versions have
// `data-version`, and `data-versions` with the start of the addresses of the versions, which is the key.
((storage) => {
  const { version, versions } = document.currentScript.dataset;
  const { consent, granted } = self.tagline;
  // Missing, full and blocked storage counts as empty.
  const keep = (granted) => {
    try {
      const kept = self[storage];
      if (granted && version) kept[versions] = version + Date.now();
      for (const key of Object.keys(granted ? {} : kept)) if (/\/v\/$/.test(key)) delete kept[key];
    } catch {}
  };
  keep(granted);
  self.tagline.consent = (answer) => {
    consent(answer);
    keep(answer === true);
  };
});
