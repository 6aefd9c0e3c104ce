// Shows the times of events as the visitor's clock has them. `data-starts` and `data-ends` are instants, `data-offset` is the
// difference of the event's own time from UTC in minutes. Where both clocks agree, the text says so, so that the line is
// filled on every page and nothing moves.
(() => {
  // Short, to fit into one line on a phone. The line above has the year.
  const options = { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" };
  const format = new Intl.DateTimeFormat(document.documentElement.lang || undefined, options);
  for (const line of document.querySelectorAll("[data-starts]")) {
    const { starts, ends, offset, same, local } = line.dataset;
    const [start, end] = [new Date(starts), new Date(ends)];
    // JavaScript counts the minutes from local time to UTC.
    const isSame = -start.getTimezoneOffset() == offset;
    line.textContent = isSame ? same : local.replace("{time}", () => format.formatRange(start, end));
  }
})();
