for (const screen of document.querySelectorAll("[data-play]")) {
  const link = screen.querySelector("a");
  if (!link) continue;
  const { hostname: host, pathname: path, searchParams } = new URL(link.href);
  const id = path.split("/").pop();
  const frame =
    /(^|\.)youtu(be\.com|\.be)$/.test(host) ? `https://www.youtube-nocookie.com/embed/${searchParams.get("v") ?? id}?autoplay=1`
    : /(^|\.)vimeo\.com$/.test(host) ? `https://player.vimeo.com/video/${id}?autoplay=1&dnt=1`
    : "";
  if (!frame && !/\.(mp4|webm|m4v|mov)$/i.test(path)) continue;
  link.setAttribute("role", "button");
  link.setAttribute("aria-label", `${screen.dataset.play}: ${link.querySelector("img").alt}`);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const player = document.createElement(frame ? "iframe" : "video");
    player.title = link.querySelector("img").alt;
    player.src = frame || link.href;
    Object.assign(player, frame ? { allow: "autoplay; fullscreen; encrypted-media" } : { controls: true, autoplay: true });
    link.replaceWith(player);
    player.focus();
  });
}
