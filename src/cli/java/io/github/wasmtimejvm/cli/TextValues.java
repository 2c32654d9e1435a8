package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.NumType;
import io.github.wasmtimejvm.RefType;
import io.github.wasmtimejvm.V128;
import io.github.wasmtimejvm.ValType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values as {@code --invoke} of the official tool reads and writes them. */
final class TextValues {
  // Java's own parser takes more: spaces around, hexadecimal, a type at the end.
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

  private TextValues() {}

  /**
   * Reads an argument.
   *
   * @throws IllegalArgumentException if it is not of the type
   */
  static Object parse(ValType type, String text) {
    try {
      return switch (type) {
        case NumType.I32 ->
            (Object)
                (isHex(text) ? Integer.parseInt(text.substring(2), 16) : Integer.parseInt(text));
        case NumType.I64 ->
            (Object) (isHex(text) ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text));
        case NumType.F32 -> (Object) Float.parseFloat(javaFloat(text));
        case NumType.F64 -> (Object) Double.parseDouble(javaFloat(text));
        case NumType.V128 ->
            throw new IllegalArgumentException("an argument of type v128 cannot be given here");
        case RefType _ ->
            throw new IllegalArgumentException(
                "an argument of type " + type + " cannot be given here");
      };
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a value of type " + type + ": \"" + text + "\"", e);
    }
  }

  private static boolean isHex(String text) {
    return text.startsWith("0x") || text.startsWith("0X");
  }

  private static String javaFloat(String text) {
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String sign = signed ? text.substring(0, 1) : "";
    return switch (text.substring(sign.length()).toLowerCase(Locale.ROOT)) {
      case "nan" -> sign + "NaN";
      case "inf", "infinity" -> sign + "Infinity";
      default -> {
        if (!DECIMAL.matcher(text).matches()) {
          throw new NumberFormatException();
        }
        yield text;
      }
    };
  }

  /** Writes a result. */
  static String format(ValType type, @Nullable Object value) {
    return switch (value) {
      case Float number -> decimal(number, number.toString());
      case Double number -> decimal(number, number.toString());
      case V128(long low, long high) -> unsigned(high).shiftLeft(64).or(unsigned(low)).toString();
      case null -> "<null " + kind(type) + ">";
      default -> type instanceof RefType ? "<" + kind(type) + ">" : value.toString();
    };
  }

  /** All digits, as Rust writes them, from Java's shortest form. */
  private static String decimal(double value, String shortest) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value < 0 ? "-inf" : "inf";
    }
    if (value == 0) {
      return shortest.startsWith("-") ? "-0" : "0";
    }
    return new BigDecimal(shortest).stripTrailingZeros().toPlainString();
  }

  private static BigInteger unsigned(long word) {
    return new BigInteger(Long.toUnsignedString(word));
  }

  // Functions are the only references that the library passes.
  private static String kind(ValType type) {
    return type instanceof RefType ? "funcref" : type.toString();
  }
}
