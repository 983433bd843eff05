// Runs before the page is drawn, so that what only a script can offer does not flash.
document.body.className += ' js-enabled' +
  ('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '');
