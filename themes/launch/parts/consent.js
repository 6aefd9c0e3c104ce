// Asks for consent, and remembers the answer for half a year. It runs before the arrival script, which reads `tagline`.
{
  const askForConsent = (banner) => {
    const name = "tagline-consent";
    let opener;

    // A browser without storage asks on every page.
    const remembered = () => {
      try {
        const { answer, at } = JSON.parse(localStorage[name]);
        if (Date.now() - at < 15552e6) return answer;
      } catch {}
    };
    const remember = (answer) => {
      try {
        localStorage[name] = JSON.stringify({ answer, at: Date.now() });
      } catch {}
    };

    const before = remembered();
    if (before === "yes") self.tagline = { consent: true };
    banner.hidden = before === "yes" || before === "no";

    for (const button of banner.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        const wasGranted = remembered() === "yes";
        remember(button.value);
        banner.hidden = true;
        opener?.focus();
        self.tagline.consent(button.value === "yes");
        // What has loaded goes on measuring until the page is left.
        if (wasGranted && button.value === "no") location.reload();
      });
    }
    for (const button of document.querySelectorAll(".consent-again")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        opener = button;
        banner.hidden = false;
        banner.focus();
      });
    }
    // Escape closes the banner where an answer exists. It is no answer itself.
    banner.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || !remembered()) return;
      banner.hidden = true;
      opener?.focus();
    });
  };

  // A site's own template may have no banner.
  const found = document.getElementById("_consent");
  if (found) askForConsent(found);
}
