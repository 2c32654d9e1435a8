package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.GuestException;
import io.github.wasmtimejvm.LinkException;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.TrapCode;
import io.github.wasmtimejvm.TrapException;
import org.jspecify.annotations.Nullable;

/** The words for how a guest ended; a trap is the name of its {@link TrapCode}. */
final class Ending {
  static final String RETURNS = "returns";
  static final String STOPPED = "stopped";
  static final String ERRORS = "errors";
  static final String INVALID = "invalid";
  static final String OVERFLOWS = "overflows";

  private Ending() {}

  /** Thrown by a host function. */
  static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  static String of(@Nullable Throwable thrown) {
    return switch (thrown) {
      case null -> RETURNS;
      case TrapException trap -> trap.code().name();
      case StoppedException _ -> STOPPED;
      case ExitException _ -> "exits";
      case GuestException _ -> "raises";
      case EngineException _ -> ERRORS;
      case CompileException _ -> INVALID;
      case LinkException _ -> "lacks";
      case Thrown _ -> "throws";
      case StackOverflowError _ -> OVERFLOWS;
      default -> thrown.getClass().getName();
    };
  }

  /** Whether code of the guest ran before this came out of it. */
  static boolean isFromWithin(@Nullable Throwable thrown) {
    return switch (thrown) {
      case null -> true;
      case TrapException trap -> !trap.frames().isEmpty();
      case StoppedException stopped -> !stopped.frames().isEmpty();
      case ExitException _, GuestException _, Thrown _ -> true;
      default -> false;
    };
  }
}
