package io.github.wasmtimejvm.wasi;

/**
 * A Java function that intercepts one of the functions of WASI preview 1: it sees every call that a
 * guest makes, and answers the call itself or passes it on.
 *
 * <pre>{@code
 * WasiConfig.builder()
 *     .inFront("path_open", call -> {
 *       log.info("opens {}", call.memory().readString(call.intArg(2), call.intArg(3)));
 *       return call.proceed();
 *     });
 * }</pre>
 */
@FunctionalInterface
public interface WasiFunction {
  /**
   * Runs on the guest's thread. What it throws unwinds the guest and reaches the guest's caller as
   * the same object. Threads: the guest's.
   *
   * @param call the call, valid until this returns
   * @return the error number that the guest gets, 0 for success; of no meaning for {@code
   *     proc_exit}
   * @throws Throwable anything
   */
  int call(WasiCall call) throws Throwable;
}
