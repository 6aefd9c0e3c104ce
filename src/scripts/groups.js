// Requires one of several boxes, which HTML cannot do. A group has the text to show in `data-required`. Only sites with such
// fields load this. Enter in a field clicks the button too, before the browser checks the form.
(() => {
  addEventListener(
    "click",
    ({ target }) => {
      target.closest("button,input")?.form?.querySelectorAll("[data-required]").forEach((group) => {
        const isTicked = group.querySelector(":checked");
        group.querySelector("input").setCustomValidity(isTicked ? "" : group.dataset.required);
      });
    },
    true,
  );
});
