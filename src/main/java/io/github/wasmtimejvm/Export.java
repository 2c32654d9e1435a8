package io.github.wasmtimejvm;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the export that a method of an interface stands for, where it has another name than the
 * method: see {@link Instance#as}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Export {
  /** The name of the export, any text. Threads: any. */
  String value();
}
