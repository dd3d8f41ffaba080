// The page's first module, until there is a page.
document.querySelector("p").textContent += " Nothing moves yet.";
