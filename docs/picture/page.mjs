// Turns the blocks of one message (a JSON array on standard input) into a page that looks like Slack.
import { readFileSync } from "node:fs";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Message } from "slack-blocks-to-jsx";

const blocks = JSON.parse(readFileSync(0, "utf8"));
const width = Number(process.argv[2]);
const style = readFileSync(new URL("node_modules/slack-blocks-to-jsx/dist/style.css", import.meta.url), "utf8");
const logo =
  "data:image/svg+xml," +
  encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect width="36" height="36" rx="5" fill="#1d3557"/>
     <g fill="none" stroke="#fff" stroke-width="2.6"><circle cx="13" cy="18" r="5"/><path d="M18 18h11m-4 0v5"/></g></svg>`,
  );
const message = renderToStaticMarkup(
  createElement(Message, { blocks, logo, name: "msk-role", time: new Date() }),
);
process.stdout.write(`<!doctype html><meta charset="utf-8"><style>${style}
  body { margin: 0; padding: 14px 18px; width: ${width - 36}px; background: #fff; }
  #slack_blocks_to_jsx, #slack_blocks_to_jsx * { font-family: Lato, "Noto Color Emoji", sans-serif; }
  #slack_blocks_to_jsx :is(code, pre, [class*="code"], [class*="preformatted"]),
  #slack_blocks_to_jsx :is(code, pre, [class*="code"], [class*="preformatted"]) * {
    font-family: "DejaVu Sans Mono", monospace;
  }
  #slack_blocks_to_jsx section { max-width: none !important; }
</style><body>${message}<script>document.title = document.body.scrollHeight</script>`);
