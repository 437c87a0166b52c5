// Before anything is drawn: the colours that the reader chose last time, so that the page does not flash.
try {
  const theme = localStorage.getItem('chainrule.theme');
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // The browser keeps nothing for this page: it starts as the system says.
}
