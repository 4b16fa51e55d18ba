// A real OpenID Connect provider (npm oidc-provider) with two people, for the tests of sign-in.
// usage: node provider.mjs PATH_TO_FRONTEND CALLBACK_ADDRESS PORT
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const [frontend, callback, port] = process.argv.slice(2);
const found = createRequire(`${frontend}/package.json`).resolve("oidc-provider");
const { default: Provider } = await import(pathToFileURL(found).href);

const people = {
  zhaomin: { name: "Zhao Min", preferred_username: "zhaomin", roles: ["emergency_doctor"], institution: "h2" },
  nobody: { name: "No Body", preferred_username: "nobody" },
  admin: { name: "Not The Admin", preferred_username: "admin", roles: ["administrator"] },
};
const server = createServer();
server.listen(Number(port), "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: "banyan", client_secret: "a-secret-for-the-tests", redirect_uris: [callback], grant_types: ["authorization_code"], response_types: ["code"] }],
    pkce: { required: () => true },
    claims: { openid: ["sub"], profile: ["name", "preferred_username", "roles", "institution"], email: ["email"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    cookies: { keys: ["only-for-the-tests"] },
  });
  server.on("request", provider.callback());
  console.log(issuer);
});
