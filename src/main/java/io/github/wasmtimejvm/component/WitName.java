package io.github.wasmtimejvm.component;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name in WIT, where it does not follow from the one in Java.
 *
 * <p>On an interface it is the name of the WIT interface, with the package and mostly a version:
 * {@code @WitName("wasi:cli/run@0.2.0")}. Any compatible version serves, as with the engine: from 1
 * on the same major version, below 1 the same minor one. The empty name is the world itself: what
 * it imports or exports outside of interfaces.
 *
 * <p>On a method, a record, a record's component, an enum constant it is the plain name. Without
 * the annotation {@code kebabCase} stands for {@code kebab-case}, {@code class_} for {@code class},
 * {@code toString_} for {@code to-string}, as for all keywords and methods that every object has,
 * and a constant {@code DARK_RED} for {@code dark-red}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.FIELD, ElementType.RECORD_COMPONENT})
public @interface WitName {
  /** The name. */
  String value();
}
