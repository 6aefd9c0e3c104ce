// Web servers on the loopback interface, set up as in docs/hosting.md.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { program } from "./browser.mjs";
import { eventually } from "./live.mjs";
import { freePort } from "./server.mjs";
import { REPOSITORY, temporaryFolder } from "./site.mjs";

const INSTALL = "install Debian's packages `nginx-light`, `caddy` and `apache2-bin`";

/** The set-up of a server in the documentation, for a site in a folder. */
const documented = (language, folder) => {
  const text = readFileSync(path.join(REPOSITORY, "docs/hosting.md"), "utf8");
  return text.match(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``))[1].replaceAll("/srv/kazi/public", folder);
};

/** By server: the configuration for a site in a folder at a port, and the commands to run and to test it. */
export const HOSTS = {
  nginx: {
    configuration: (folder, port, own) => `
      user root; daemon off; worker_processes 1; pid ${own}/nginx.pid; error_log ${own}/error.log;
      events {}
      http {
        access_log off;
        client_body_temp_path ${own}/body; proxy_temp_path ${own}/proxy; fastcgi_temp_path ${own}/fastcgi;
        uwsgi_temp_path ${own}/uwsgi; scgi_temp_path ${own}/scgi;
        ${documented("nginx", folder).replace("listen 80;", `listen 127.0.0.1:${port};`)}
      }`,
    run: (file) => ["-c", file],
    check: (file) => ["-t", "-c", file],
    program: "nginx",
  },
  caddy: {
    configuration: (folder, port) => `
{
	admin off
	auto_https off
}
${documented("caddyfile", folder).replace("kazi.example {", `http://127.0.0.1:${port} {`)}`,
    run: (file) => ["run", "--adapter", "caddyfile", "--config", file],
    check: (file) => ["validate", "--adapter", "caddyfile", "--config", file],
    program: "caddy",
  },
  apache: {
    configuration: (folder, port, own) => `
      ServerName 127.0.0.1
      ServerRoot ${own}
      PidFile ${own}/apache.pid
      DefaultRuntimeDir ${own}
      ErrorLog ${own}/error.log
      Listen 127.0.0.1:${port}
      ${APACHE_MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join("\n")}
      TypesConfig /etc/mime.types
      <Directory />
        Require all denied
      </Directory>
      ${documented("apache", folder).replace("*:80", `127.0.0.1:${port}`).replace("/srv/kazi/headers.conf", `${own}/headers.conf`)}`,
    // The documented command makes the file that the configuration includes.
    prepare: (folder, own) => {
      const command = documented("sh apache", folder).replace("/srv/kazi/headers.conf", `${own}/headers.conf`);
      const { status, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
      if (status !== 0) throw new Error(stderr);
    },
    run: (file) => ["-f", file, "-D", "FOREGROUND"],
    check: (file) => ["-f", file, "-t"],
    program: "apache2",
  },
};

/** What Debian's package `apache2` loads, and `headers`. */
const APACHE_MODULES = ["mpm_event", "authz_core", "dir", "mime", "alias", "headers"];

/** Starts a server for a folder. Returns its `url` without a slash at the end, and `close`. */
export async function startHost(name, folder) {
  const { configuration, prepare, run, check, program: executableName } = HOSTS[name];
  process.env.PATH += `${path.delimiter}/usr/sbin`;
  const executable = program(executableName, INSTALL);
  const [own, port] = [temporaryFolder(), await freePort()];
  prepare?.(folder, own);
  const file = path.join(own, "configuration");
  writeFileSync(file, configuration(folder, port, own));
  const home = path.join(own, "home");
  mkdirSync(home);
  const env = { ...process.env, HOME: home };
  const checked = spawnSync(executable, check(file), { encoding: "utf8", env });
  if (checked.status !== 0) throw new Error(checked.stderr);
  const server = spawn(executable, run(file), { stdio: "ignore", env });
  process.once("exit", () => server.kill());
  const url = `http://127.0.0.1:${port}`;
  await eventually(name, () => fetch(url).then(() => true, () => false));
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const close = () => {
    server.kill();
    return ended;
  };
  return { url, close };
}
