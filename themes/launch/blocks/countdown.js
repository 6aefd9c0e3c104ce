for (const clock of document.querySelectorAll("[data-end]")) {
  const end = Date.parse(clock.dataset.end);
  const figures = clock.querySelectorAll("b");
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    [left / 86400, (left / 3600) % 24, (left / 60) % 60, left % 60].forEach((value, place) => {
      figures[place].textContent = String(Math.floor(value)).padStart(place && 2, "0");
    });
    if (left) setTimeout(tick, 1000 - (Date.now() % 1000));
    else clock.nextElementSibling.textContent = clock.dataset.over;
  };
  tick();
}
