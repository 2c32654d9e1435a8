package io.github.wasmtimejvm.wasi;

/** What functions of WASI return: {@code __wasi_errno_t}. */
final class Errno {
  static final int SUCCESS = 0;
  static final int BADF = 8;
  static final int MFILE = 33;
  static final int NOMEM = 48;

  private Errno() {}
}
