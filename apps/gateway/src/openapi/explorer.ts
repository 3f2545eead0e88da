import { createReadStream, type ReadStream } from 'node:fs';
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/** The assets of the explorer, from the installed package: it works without a network. */
const assets: Record<string, { path: () => string; type: string }> = {
  'swagger-ui.css': {
    path: () => resolve('swagger-ui-dist/swagger-ui.css'),
    type: 'text/css; charset=utf-8',
  },
  'swagger-ui-bundle.js': {
    path: () => resolve('swagger-ui-dist/swagger-ui-bundle.js'),
    type: 'text/javascript; charset=utf-8',
  },
};

/** One of the explorer's files, or undefined when it has no such file. */
export const explorerAsset = (name: string): { stream: ReadStream; type: string } | undefined => {
  if (!Object.hasOwn(assets, name)) return undefined;
  const asset = assets[name];
  return asset && { stream: createReadStream(asset.path()), type: asset.type };
};

export const explorerPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>HandoffRail API</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="explorer"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script>
      SwaggerUIBundle({
        url: '/openapi.json',
        dom_id: '#explorer',
        deepLinking: true,
        persistAuthorization: false,
        tryItOutEnabled: true,
        validatorUrl: null,
      });
    </script>
  </body>
</html>
`;
