package io.github.wasmtimejvm.cli;

import io.github.wasmtimejvm.NumType;
import io.github.wasmtimejvm.RefType;
import io.github.wasmtimejvm.V128;
import io.github.wasmtimejvm.ValType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values as {@code --invoke} of the official tool reads and writes them. */
final class TextValues {
  // Java's own parser takes the digits of all scripts.
  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
  private static final Pattern HEX = Pattern.compile("0[xX]([+-]?[0-9a-fA-F]+)");

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
        case NumType.I32 -> (Object) Integer.parseInt(digits(text), radix(text));
        case NumType.I64 -> (Object) Long.parseLong(digits(text), radix(text));
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

  private static int radix(String text) {
    return HEX.matcher(text).matches() ? 16 : 10;
  }

  private static String digits(String text) {
    Matcher hex = HEX.matcher(text);
    if (hex.matches()) {
      return hex.group(1);
    }
    if (!INTEGER.matcher(text).matches()) {
      throw new NumberFormatException();
    }
    return text;
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
      case Float number ->
          decimal(number, number.toString(), digit -> digit.floatValue() == number);
      case Double number ->
          decimal(number, number.toString(), digit -> digit.doubleValue() == number);
      case V128(long low, long high) -> unsigned(high).shiftLeft(64).or(unsigned(low)).toString();
      case null -> "<null " + kind(type) + ">";
      default -> type instanceof RefType ? "<" + kind(type) + ">" : value.toString();
    };
  }

  /**
   * All digits, as Rust writes them, from Java's shortest form.
   *
   * @param isSame whether a decimal number is read as this value
   */
  private static String decimal(double value, String shortest, Predicate<BigDecimal> isSame) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value < 0 ? "-inf" : "inf";
    }
    if (value == 0) {
      return shortest.startsWith("-") ? "-0" : "0";
    }
    // Java writes two digits at least, where one may be enough: of the smallest numbers most of
    // all.
    BigDecimal digit = new BigDecimal(value).round(new MathContext(1));
    BigDecimal best = isSame.test(digit) ? digit : new BigDecimal(shortest);
    return best.stripTrailingZeros().toPlainString();
  }

  private static BigInteger unsigned(long word) {
    return new BigInteger(Long.toUnsignedString(word));
  }

  // References are called by the top of their hierarchy.
  private static String kind(ValType type) {
    return type instanceof RefType reference ? reference.heapType().top() + "ref" : type.toString();
  }
}
