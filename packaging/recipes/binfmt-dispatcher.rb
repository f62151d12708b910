# For a Homebrew tap, on Linux. No test runs brew: tests/packaging checks the syntax with Ruby and
# compares the fields with deno.json. ./dev release replaces the names in @…@.
class BinfmtDispatcher < Formula
  desc "Choose an interpreter for each program of another architecture"
  homepage "https://github.com/@REPOSITORY@"
  version "@VERSION@"
  license "MIT"

  depends_on :linux

  on_intel do
    url "@BASE@/@TARBALL_x86_64@"
    sha256 "@SHA256_x86_64@"
  end
  on_arm do
    url "@BASE@/@TARBALL_aarch64@"
    sha256 "@SHA256_aarch64@"
  end

  skip_clean "bin" # strip would remove the program, which is appended to the runtime

  def install
    bin.install "bin/binfmt-dispatcher"
    share.install "share/man"
    bash_completion.install "share/bash-completion/completions/binfmt-dispatcher"
    fish_completion.install "share/fish/vendor_completions.d/binfmt-dispatcher.fish"
    zsh_completion.install "share/zsh/vendor-completions/_binfmt-dispatcher"
  end

  def caveats
    <<~TEXT
      This installation can only explain which interpreter a program would get. Homebrew's files
      belong to a user, so the kernel must not start them for everybody. To run programs, install
      the .deb, the .rpm or the tarball: #{homepage}#install
    TEXT
  end

  test do
    assert_equal "binfmt-dispatcher #{version}", shell_output("#{bin}/binfmt-dispatcher --version").chomp
  end
end
