# For Nix and NixOS: the sources, run by nixpkgs' Deno, and a handler that starts them. NixOS
# registers the handler through boot.binfmt.registrations, with libexec/handler as interpreter, and
# configures it through environment.etc."binfmt-dispatcher.toml". Untested with nixpkgs and on NixOS:
# tests/packaging evaluates this with a stand-in for nixpkgs and runs the phases.
{
  description = "Choose an interpreter for each program of another architecture";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      package = pkgs:
        let
          project = builtins.fromJSON (builtins.readFile ./deno.json);
          # Deno 2.9 and newer require more permissions for /dev and /sys.
          fits = builtins.compareVersions pkgs.deno.version "2.6" >= 0
            && builtins.compareVersions pkgs.deno.version "2.9" < 0;
          # The packages in deno.lock; tests/packaging/recipes_test.ts prints the hash when it changes.
          modules = pkgs.stdenv.mkDerivation {
            name = "binfmt-dispatcher-modules";
            src = ./.;
            nativeBuildInputs = [ pkgs.deno pkgs.cacert ];
            dontFixup = true;
            installPhase = ''
              export DENO_DIR=$TMPDIR/deno
              mkdir project
              cp -r --parents deno.json deno.lock lib/std project
              cd project
              deno install --frozen --node-modules-dir=auto
              cp -r node_modules $out
            '';
            outputHashMode = "recursive";
            outputHash = "sha256-peGVkA6cuMBRTH4rdR+iPt8yyEoZY0I7PNKr9jJydaw=";
          };
        in
        assert fits;
        pkgs.stdenv.mkDerivation {
          pname = "binfmt-dispatcher";
          inherit (project) version;
          src = ./.;
          nativeBuildInputs = [ pkgs.deno ];
          dontFixup = true; # must not change the handler
          installPhase = ''
            export DENO_DIR=$TMPDIR/deno
            lib=$out/lib/binfmt-dispatcher program=$out/bin/binfmt-dispatcher
            mkdir -p $lib/dist $out/bin $out/libexec $out/share/man/man1
            cp -r main.ts lib config tasks deno.json deno.lock $lib
            cp -r ${modules} $lib/node_modules
            cp docs/binfmt-dispatcher.1 $out/share/man/man1
            options="--quiet --cached-only --frozen --node-modules-dir=manual --config $lib/deno.json"
            cd $lib
            flags=$(deno eval $options --print \
              '(await import("./tasks/permissions.ts")).permissionFlags().join(" ")')
            deno eval $options '(await import("./tasks/compile.ts")).writeCode("dist")'
            cat >$program <<END
            #!/bin/sh
            exec ${pkgs.deno}/bin/deno run $options $flags $lib/main.ts "\$@"
            END
            chmod 755 $program
            $program handler --resolver $program | cat >$out/libexec/handler
            chmod 755 $out/libexec/handler
          '';
          meta = {
            description = "Choose an interpreter for each program of another architecture";
            license = pkgs.lib.licenses.mit;
            platforms = [ "x86_64-linux" "aarch64-linux" ];
            mainProgram = "binfmt-dispatcher";
          };
        };
      forEach = system: {
        name = system;
        value.default = package nixpkgs.legacyPackages.${system};
      };
    in
    {
      packages = builtins.listToAttrs (map forEach [ "x86_64-linux" "aarch64-linux" ]);
    };
}
