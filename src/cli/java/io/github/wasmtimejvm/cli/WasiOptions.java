package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.wasi.WasiConfig;

/** What of the official tool's {@code -S} the library can do. */
final class WasiOptions {
  // What the official tool has; those that we have are handled before.
  private static final String OFFICIAL =
      """
      nn threads http-outgoing-body-buffer-chunks
      http-outgoing-body-chunk-size config keyvalue tcplisten tls preview2 nn-graph tcp
      udp network-error-code preview0 cwd config-var keyvalue-in-memory-data p3 max-resources
      hostcall-fuel max-component-handles max-random-size max-http-fields-size
      """;

  private boolean cli = true;
  private boolean inheritEnv;
  private boolean inheritStdin = true;
  private boolean inheritStdout = true;
  private boolean inheritStderr = true;
  private boolean inheritNetwork;
  private boolean allowIpNameLookup;
  private boolean http;

  /** Takes the value of the option. */
  void set(String option, String value) throws UsageException {
    for (Setting setting : Setting.parse(option, value)) {
      switch (setting.name()) {
        case "cli", "common" -> cli = setting.flag();
        case "inherit-env" -> inheritEnv = setting.flag();
        case "inherit-stdin" -> inheritStdin = setting.flag();
        case "inherit-stdout" -> inheritStdout = setting.flag();
        case "inherit-stderr" -> inheritStderr = setting.flag();
        case "inherit-network" -> inheritNetwork = setting.flag();
        case "allow-ip-name-lookup" -> allowIpNameLookup = setting.flag();
        case "http" -> http = setting.flag();
        case "cli-exit-with-code" -> {
          if (!setting.flag()) {
            throw new UsageException(
                option + " cli-exit-with-code=n: the engine's C API cannot switch it off");
          }
        }
        default -> throw setting.refusal(OFFICIAL);
      }
    }
  }

  /** Whether the program gets WASI at all. */
  boolean isOn() {
    return cli;
  }

  /** Whether a component may make requests. */
  boolean allowsHttp() {
    return http;
  }

  void applyTo(WasiConfig.Builder wasi) {
    if (inheritEnv) {
      wasi.inheritEnv();
    }
    if (inheritStdin) {
      wasi.inheritStdin();
    }
    if (inheritStdout) {
      wasi.inheritStdout();
    }
    if (inheritStderr) {
      wasi.inheritStderr();
    }
    if (inheritNetwork) {
      wasi.inheritNetwork();
    }
    if (allowIpNameLookup) {
      wasi.allowIpNameLookup();
    }
    if (http) {
      wasi.allowHttp();
    }
  }
}
