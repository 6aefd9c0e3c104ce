if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copies], [data-text]")) {
    const { copies, text, copied } = button.dataset;
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text ?? document.getElementById(copies).textContent);
      button.textContent = copied;
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
}
