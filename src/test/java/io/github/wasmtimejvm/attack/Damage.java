package io.github.wasmtimejvm.attack;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;

/** What happens to compiled code. */
enum Damage {
  CUT_OFF,
  BEGINNING_MISSING,
  BIT,
  BYTES,
  ZEROS,
  LONGER,
  TWICE,
  OTHERS_CODE,
  TRAILER,
  SIGNED_TRAILER,
  NOTHING;

  // Of the trailer, seen from the end of a file.
  private static final int HASH = 32;
  private static final int TRAILER_SIZE = 156;
  private static final int KEY = 32;

  static Damage any(Random random) {
    return values()[random.nextInt(values().length)];
  }

  /**
   * Returns a damaged copy.
   *
   * @param others compiled code of another module or component
   */
  byte[] of(byte[] compiled, Supplier<byte[]> others, Random random) {
    int at = random.nextInt(compiled.length);
    byte[] changed = compiled.clone();
    switch (this) {
      case CUT_OFF -> changed = Arrays.copyOf(compiled, at);
      case BEGINNING_MISSING -> changed = Arrays.copyOfRange(compiled, at + 1, compiled.length);
      case BIT -> changed[at] ^= (byte) (1 << random.nextInt(8));
      case BYTES -> {
        byte[] some = new byte[Math.min(1 + random.nextInt(100), compiled.length - at)];
        random.nextBytes(some);
        System.arraycopy(some, 0, changed, at, some.length);
      }
      case ZEROS -> Arrays.fill(changed, at, Math.min(compiled.length, at + 4096), (byte) 0);
      case LONGER -> changed = Arrays.copyOf(compiled, compiled.length + 1 + random.nextInt(9000));
      case TWICE -> {
        changed = Arrays.copyOf(compiled, 2 * compiled.length);
        System.arraycopy(compiled, 0, changed, compiled.length, compiled.length);
      }
      case OTHERS_CODE -> {
        // Another module's code with this one's trailer.
        byte[] other = others.get();
        changed = Arrays.copyOf(other, other.length);
        System.arraycopy(
            compiled,
            compiled.length - TRAILER_SIZE,
            changed,
            other.length - TRAILER_SIZE,
            TRAILER_SIZE);
      }
      case TRAILER ->
          changed[compiled.length - 1 - random.nextInt(TRAILER_SIZE)] ^=
              (byte) (1 << random.nextInt(8));
      case SIGNED_TRAILER -> {
        // The key is not looked at where there is no cache, the hash is made right again.
        int length = TRAILER_SIZE - KEY - HASH;
        changed[compiled.length - TRAILER_SIZE + KEY + random.nextInt(length)] ^=
            (byte) (1 << random.nextInt(8));
        sign(changed);
      }
      case NOTHING -> changed = new byte[0];
    }
    return changed;
  }

  private static void sign(byte[] compiled) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(compiled, 0, compiled.length - HASH);
      System.arraycopy(sha256.digest(), 0, compiled, compiled.length - HASH, HASH);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
