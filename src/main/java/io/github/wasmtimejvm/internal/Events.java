package io.github.wasmtimejvm.internal;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * What the Flight Recorder is told: compiling, instantiating, calls, traps and exits.
 *
 * <p>A Java image may come without {@code jdk.jfr}. So nobody but this class knows the events'
 * classes, and events are {@link Object}s elsewhere. Nor does it treat one as an {@link Event}: to
 * verify that, the JVM would load that class.
 */
public final class Events {
  private static final boolean PRESENT = isPresent();

  private Events() {}

  // Without a lambda, which would make every start slower.
  private static boolean isPresent() {
    Module jfr = ModuleLayer.boot().findModule("jdk.jfr").orElse(null);
    return jfr != null && Events.class.getModule().canRead(jfr);
  }

  /**
   * Whether there has been a recording. The first event class takes the JVM some hundred
   * milliseconds: none is touched before.
   */
  public static boolean isRecording() {
    return PRESENT && FlightRecorder.isInitialized();
  }

  /** Begins an event, {@code null} where nobody wants it. */
  public static @Nullable Object beginCompile() {
    if (!isRecording() || !Compile.PROBE.isEnabled()) {
      return null;
    }
    Compile event = new Compile();
    event.begin();
    return event;
  }

  /**
   * Ends an event.
   *
   * @param event what {@link #beginCompile} returned
   * @param size of the binary in bytes
   */
  public static void endCompile(@Nullable Object event, long size) {
    if (event != null) {
      Compile compile = (Compile) event;
      compile.size = size;
      compile.commit();
    }
  }

  /** Begins an event, {@code null} where nobody wants it. */
  public static @Nullable Object beginInstantiate() {
    if (!isRecording() || !Instantiate.PROBE.isEnabled()) {
      return null;
    }
    Instantiate event = new Instantiate();
    event.begin();
    return event;
  }

  /**
   * Ends an event.
   *
   * @param event what {@link #beginInstantiate} returned
   * @param module the name of the module that the instance is of, {@code null} if it has none
   */
  public static void endInstantiate(@Nullable Object event, @Nullable String module) {
    if (event != null) {
      Instantiate instantiate = (Instantiate) event;
      instantiate.module = module;
      instantiate.commit();
    }
  }

  /**
   * Begins an event, {@code null} where nobody wants it. Calls are too quick and too many for an
   * object each: where there is none, all this costs is to look whether there should be one.
   */
  public static @Nullable Object beginCall() {
    if (!isRecording() || !Call.PROBE.isEnabled()) {
      return null;
    }
    Call event = new Call();
    event.begin();
    return event;
  }

  /**
   * Ends an event.
   *
   * @param event what {@link #beginCall} returned
   */
  public static void endCall(@Nullable Object event) {
    if (event != null) {
      ((Call) event).commit();
    }
  }

  /**
   * Tells of a trap, if {@link #wantsTrap}.
   *
   * @param code why the guest trapped
   * @param frame the guest's innermost frame, {@code null} if there is none
   */
  public static void trap(String code, @Nullable String frame) {
    Trap event = new Trap();
    event.code = code;
    event.frame = frame;
    event.commit();
  }

  /** Whether somebody wants to know of traps. */
  public static boolean wantsTrap() {
    return isRecording() && Trap.PROBE.isEnabled();
  }

  /** Whether somebody wants to know of exits. */
  public static boolean wantsExit() {
    return isRecording() && Exit.PROBE.isEnabled();
  }

  /** Tells of an exit, if {@link #wantsExit}. */
  public static void exit(int status) {
    Exit event = new Exit();
    event.status = status;
    event.commit();
  }

  // Each class has an object that is never committed, to ask whether the event is enabled: a new
  // one for every question would not always be free.

  @Name("wasmtime.Compile")
  @Label("Compilation")
  @Description("A module was compiled, or refused")
  @Category("Wasmtime")
  private static final class Compile extends Event {
    static final Compile PROBE = new Compile();

    @Label("Size")
    @Description("Size of the module's binary")
    @DataAmount
    long size;
  }

  @Name("wasmtime.Instantiate")
  @Label("Instantiation")
  @Description("An instance of a module was made and its start function run")
  @Category("Wasmtime")
  @Threshold("1 ms")
  private static final class Instantiate extends Event {
    static final Instantiate PROBE = new Instantiate();

    @Label("Module")
    @Description("The module's own name")
    @Nullable String module;
  }

  @Name("wasmtime.Call")
  @Label("Call")
  @Description("A function of a guest was called")
  @Category("Wasmtime")
  @Enabled(false)
  private static final class Call extends Event {
    static final Call PROBE = new Call();
  }

  @Name("wasmtime.Trap")
  @Label("Trap")
  @Description("A guest trapped")
  @Category("Wasmtime")
  private static final class Trap extends Event {
    static final Trap PROBE = new Trap();

    @Label("Code")
    @Description("Why it trapped")
    @Nullable String code;

    @Label("Frame")
    @Description("The guest's innermost frame")
    @Nullable String frame;
  }

  @Name("wasmtime.Exit")
  @Label("Exit")
  @Description("A guest ended itself")
  @Category("Wasmtime")
  private static final class Exit extends Event {
    static final Exit PROBE = new Exit();

    @Label("Status")
    int status;
  }
}
