package io.github.wasmtimejvm.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made of environment variables that the engine's own runtimes read. */
class EngineVariablesTest {
  private static final long PROCESSORS = Math.min(Runtime.getRuntime().availableProcessors(), 1024);

  @ParameterizedTest
  @CsvSource({
    "TOKIO_WORKER_THREADS, 0",
    "TOKIO_WORKER_THREADS, abc",
    "TOKIO_WORKER_THREADS, -1",
    "TOKIO_WORKER_THREADS, ''",
    "TOKIO_WORKER_THREADS, ' 2'",
    "TOKIO_WORKER_THREADS, 1025",
    "TOKIO_WORKER_THREADS, 18446744073709551615",
    "TOKIO_WORKER_THREADS, 99999999999999999999",
    "RAYON_NUM_THREADS, 1025",
    "RAYON_NUM_THREADS, 18446744073709551615",
    "RAYON_RS_NUM_CPUS, 70000",
    "RUST_MIN_STACK, 0",
    "RUST_MIN_STACK, 16384",
    "RUST_MIN_STACK, 1048575",
    "RUST_MIN_STACK, +1",
    "RUST_MIN_STACK, 1073741825",
    "RUST_MIN_STACK, 18446744073709551615",
    "RUST_LOG, a=b=c",
    "RUST_LOG, x=nolevel",
    "RUST_LOG, /[",
    "RUST_LOG, 'info,/(/'",
  })
  void whatMayEndTheProcessIsRefused(String name, String value) {
    EngineVariables variables = of(name, value);

    assertThat(variables.refusal())
        .startsWith(
            "The environment variable "
                + name
                + " is "
                + value
                + ", with which the engine may end the process: it must be ")
        .endsWith(", or unset.");
    assertThat(variables.log()).isNull();
    assertThat(variables.compileThreads()).isEqualTo(PROCESSORS);
    assertThat(variables.wasiThreads()).isEqualTo(PROCESSORS);
  }

  @ParameterizedTest
  @CsvSource({
    "TOKIO_WORKER_THREADS, 1",
    "TOKIO_WORKER_THREADS, +7",
    "TOKIO_WORKER_THREADS, 1024",
    "RAYON_NUM_THREADS, 1024",
    "RAYON_NUM_THREADS, 0",
    "RAYON_NUM_THREADS, abc",
    "RAYON_RS_NUM_CPUS, -1",
    "RUST_MIN_STACK, abc",
    "RUST_MIN_STACK, 1048576",
    "RUST_MIN_STACK, 1073741824",
    "RUST_LOG, ''",
    "RUST_LOG, TRACE",
    "RUST_LOG, 'wasmtime=debug,cranelift_codegen,other='",
    "RUST_BACKTRACE, junk",
    "HOME, nowhere",
  })
  void theRestIsNot(String name, String value) {
    assertThat(of(name, value).refusal()).isNull();
  }

  @Test
  void numbersOfThreadsAreObeyed() {
    assertThat(of("RAYON_NUM_THREADS", "5").compileThreads()).isEqualTo(5);
    assertThat(of("RAYON_NUM_THREADS", "5").wasiThreads()).isEqualTo(PROCESSORS);
    assertThat(of("TOKIO_WORKER_THREADS", "6").wasiThreads()).isEqualTo(6);
    assertThat(new EngineVariables(Map.of()).compileThreads()).isEqualTo(PROCESSORS);
  }

  @Test
  void theLogSettingIsPassedOn() {
    assertThat(of("RUST_LOG", "wasmtime=Trace,x").log()).isEqualTo("wasmtime=Trace,x");
    assertThat(new EngineVariables(Map.of()).log()).isNull();
    String many = "x=info,".repeat(100_000);
    assertThat(of("RUST_LOG", many).log()).isEqualTo(many);
  }

  private static EngineVariables of(String name, String value) {
    return new EngineVariables(Map.of(name, value));
  }
}
