package io.github.wasmtimejvm.wasi;

import java.io.IOException;
import java.io.OutputStream;

/** A stream of Java's that guests of one store write to. */
final class Output {
  private static final int BUFFER = 64 * 1024;

  private final OutputStream stream;

  Output(OutputStream stream) {
    this.stream = stream;
  }

  /** Intercepts {@code fd_write}. */
  static int write(WasiCall call, Descriptors descriptors, boolean interruptible) throws Throwable {
    Output output = descriptors.output(call.intArg(0));
    Iovec source = output == null ? null : Iovec.of(call, interruptible);
    if (output == null || source == null) {
      return call.proceed();
    }
    long length = Integer.toUnsignedLong(source.length());
    if (length > 0 && !call.memory().contains(source.address(), length)) {
      return call.proceed();
    }
    for (long done = 0; done < length; done += BUFFER) {
      InterruptibleWait.check(interruptible);
      long offset = Integer.toUnsignedLong(source.address()) + done;
      output.stream.write(call.memory().read(offset, (int) Math.min(BUFFER, length - done)));
    }
    output.stream.flush();
    if (!Iovec.hasResult(call)) {
      return call.proceed(call.intArg(0), call.intArg(1), 0, call.intArg(3)); // ends the guest
    }
    call.memory().writeInt(call.intArg(3), source.length());
    return Errno.SUCCESS;
  }

  /** Ends the output of the store; the stream stays open because it is the user's. */
  void end() throws IOException {
    if (stream instanceof LineOutput lines) {
      lines.end();
    }
    stream.flush();
  }
}
