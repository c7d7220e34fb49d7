// The page that the developer tools load: it adds the panel.

chrome.devtools.panels.create('CORS', 'icon-16.png', 'panel.html');
