/** Makes small repositories with the distributions' own tools. */

function run(program: string, args: string[], cwd: string): string {
  const command = new Deno.Command(program, { args, cwd, stdin: "null" });
  const { success, stdout, stderr } = command.outputSync();
  const text = new TextDecoder();
  if (success) return text.decode(stdout);
  throw new Error(`${program} ${args.join(" ")}: ${text.decode(stderr)}`);
}

export interface Content {
  readonly name: string;
  /** Bytes of its one file, /usr/share/NAME/data. */
  readonly size: number;
  /** Further lines of its description; for pacman the package that it depends on. */
  readonly fields?: string;
}

/** Bytes that cannot be compressed. */
function noise(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65536));
  }
  return bytes;
}

const SPEC = `
Name: %{name_}
Version: 1.0
Release: 1
Summary: A package of a test
License: MIT
BuildArch: noarch
%{fields_}
%description
A package of a test.
%install
mkdir -p %{buildroot}/usr/share/%{name_}
cp %{data_} %{buildroot}/usr/share/%{name_}/data
%files
/usr/share/%{name_}
`;

/** A directory with rpm packages and repodata. */
export function rpmRepository(directory: string, packages: readonly Content[]): string {
  const repository = `${directory}/rpms`;
  Deno.mkdirSync(repository, { recursive: true });
  for (const { name, size, fields = "%{nil}" } of packages) {
    Deno.writeFileSync(`${directory}/data`, noise(size));
    Deno.writeTextFileSync(`${directory}/${name}.spec`, SPEC);
    const defined = Object.entries({
      _topdir: `${directory}/build`,
      _rpmdir: repository,
      _dbpath: `${directory}/rpmdb`,
      name_: name,
      fields_: fields,
      data_: `${directory}/data`,
    }).flatMap(([macro, value]) => ["-D", `${macro} ${value}`]);
    run("rpmbuild", ["-bb", "--quiet", ...defined, `${name}.spec`], directory);
  }
  run("createrepo_c", ["-q", repository], directory);
  return repository;
}

/** Serves a repository as a mirror that lacks some files of its lists. */
export function mirror(repository: string, lacks: RegExp): Deno.HttpServer<Deno.NetAddr> {
  const where = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  return Deno.serve(where, (request) => {
    const path = new URL(request.url).pathname;
    try {
      if (!lacks.test(path)) return new Response(Deno.readFileSync(repository + path));
    } catch {
      // Optional files that managers try.
    }
    return new Response("", { status: 404 });
  });
}

/** A directory with Debian packages and their list. */
export function debRepository(directory: string, packages: readonly Content[]): string {
  const repository = `${directory}/debs`;
  Deno.mkdirSync(repository, { recursive: true });
  const paragraphs = packages.map(({ name, size, fields = "" }) => {
    const tree = `${directory}/${name}`;
    Deno.mkdirSync(`${tree}/DEBIAN`, { recursive: true });
    Deno.mkdirSync(`${tree}/usr/share/${name}`, { recursive: true });
    Deno.writeFileSync(`${tree}/usr/share/${name}/data`, noise(size));
    const control = `Package: ${name}\nVersion: 1.0\nArchitecture: all\n${fields}` +
      "Maintainer: A Test <test@example.org>\nDescription: a package of a test\n";
    Deno.writeTextFileSync(`${tree}/DEBIAN/control`, control);
    const file = `${repository}/${name}.deb`;
    run("dpkg-deb", ["--root-owner-group", "-b", tree, file], directory);
    const sum = run("sha256sum", [file], directory).split(" ")[0];
    const bytes = Deno.statSync(file).size;
    return `${control}Filename: ./${name}.deb\nSize: ${bytes}\nSHA256: ${sum}\n`;
  });
  Deno.writeTextFileSync(`${repository}/Packages`, paragraphs.join("\n"));
  return repository;
}

/** A directory with pacman's packages, and the databases of them and of their files. */
export function pacmanRepository(directory: string, packages: readonly Content[]): string {
  const repository = `${directory}/pacman`;
  const database = `${directory}/database`;
  Deno.mkdirSync(repository, { recursive: true });
  for (const { name, size, fields: depend } of packages) {
    const tree = `${directory}/tree-${name}`;
    Deno.mkdirSync(`${tree}/usr/share/${name}`, { recursive: true });
    Deno.writeFileSync(`${tree}/usr/share/${name}/data`, noise(size));
    const info = { pkgname: name, pkgbase: name, pkgver: "1.0-1", arch: "any", size };
    const lines = Object.entries(info).map(([key, value]) => `${key} = ${value}\n`);
    Deno.writeTextFileSync(`${tree}/.PKGINFO`, `${lines.join("")}`);
    const file = `${name}-1.0-1-any.pkg.tar.gz`;
    run("tar", ["-czf", `${repository}/${file}`, ".PKGINFO", "usr"], tree);
    const sum = run("sha256sum", [file], repository).split(" ")[0]!;
    const depends = depend === undefined ? {} : { DEPENDS: depend };
    const desc = {
      FILENAME: file,
      NAME: name,
      VERSION: "1.0-1",
      CSIZE: Deno.statSync(`${repository}/${file}`).size,
      ISIZE: size,
      ARCH: "any",
      SHA256SUM: sum,
      ...depends,
    };
    const entry = `${database}/${name}-1.0-1`;
    Deno.mkdirSync(entry, { recursive: true });
    const text = Object.entries(desc).map(([key, value]) => `%${key}%\n${value}\n\n`).join("");
    Deno.writeTextFileSync(`${entry}/desc`, text);
    Deno.writeTextFileSync(`${entry}/files`, `%FILES%\nusr/\nusr/share/${name}/data\n`);
  }
  const directories = packages.map(({ name }) => `${name}-1.0-1`);
  for (const kind of ["db", "files"]) {
    run("tar", ["-czf", `${repository}/test.${kind}`, ...directories], database);
  }
  return repository;
}
