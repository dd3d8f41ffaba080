// Makes the page light or dark before it is drawn, as the reader chose on any page of the site; the
// stage keeps the choice under the same name.
"use strict";

try {
  const theme = localStorage.getItem("dsys-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // A page that may store nothing looks as the reader's system says.
}
