package dev.tenrec.compiler.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A page in a browser, used with mouse and keyboard through the DevTools protocol. */
final class BrowserPage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROBLEMS =
      "Runtime.exceptionThrown Log.entryAdded Runtime.consoleAPICalled";

  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final WebSocket socket;
  private @Nullable String session;

  private BrowserPage(URI browser) {
    socket =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(browser, new Inbox()).join();
  }

  static BrowserPage open(URI browser, URI address) {
    BrowserPage page = new BrowserPage(browser);
    JsonNode target = page.call("Target.createTarget", Map.of("url", "about:blank"));
    Map<String, Object> attach =
        Map.of("targetId", target.get("targetId").asText(), "flatten", true);
    page.session = page.call("Target.attachToTarget", attach).get("sessionId").asText();
    List.of("Page", "Runtime", "Log", "Network")
        .forEach(domain -> page.call(domain + ".enable", Map.of()));
    page.call("Page.navigate", Map.of("url", address.toString()));
    page.await("document.readyState == 'complete' && location.href != 'about:blank'");
    return page;
  }

  private final class Inbox implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        receive(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private void receive(String text) {
    JsonNode message = read(text);
    if (message.has("id")) {
      CompletableFuture<JsonNode> answer = waiting.remove(message.get("id").asInt());
      if (answer != null) {
        answer.complete(message);
      }
    } else if (PROBLEMS.contains(message.get("method").asText())) {
      problems.add(text);
    } else if (message.get("method").asText().equals("Network.requestWillBeSent")) {
      requests.add(message.at("/params/request/url").asText());
    }
  }

  private static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode call(String method, Map<String, ?> parameters) {
    int id = calls.incrementAndGet();
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    if (session != null) {
      message.put("sessionId", session);
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    socket.sendText(message.toString(), true).join();
    JsonNode received = answer.orTimeout(60, TimeUnit.SECONDS).join();
    if (received.has("error")) {
      throw new AssertionError(method + ": " + received.get("error"));
    }
    return received.get("result");
  }

  /** The value of an expression of JavaScript, awaited if it is a promise. */
  JsonNode evaluate(String expression) {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (result.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + result.get("exceptionDetails"));
    }
    JsonNode value = result.at("/result/value");
    return value.isMissingNode() ? JSON.nullNode() : value;
  }

  String text(String selector) {
    return evaluate("document.querySelector(%s).textContent".formatted(quoted(selector))).asText();
  }

  int count(String selector) {
    return evaluate("document.querySelectorAll(%s).length".formatted(quoted(selector))).asInt();
  }

  /** Waits until an expression is true. */
  void await(String condition) {
    evaluate(
        """
        new Promise((done, fail) => {
          const end = performance.now() + 30000;
          (function look() {
            if (%s) done();
            else if (performance.now() > end) fail(new Error('waited in vain'));
            else setTimeout(look, 10);
          })();
        })\
        """
            .formatted(condition));
  }

  /**
   * Presses the mouse in the middle of (the first line of) the first element that a selector finds.
   */
  void click(String selector) {
    click(selector, "");
  }

  /** As {@link #click(String)}, of those with the given text in them. */
  void click(String selector, String text) {
    JsonNode place =
        evaluate(
            """
            (() => {
              const found = [...document.querySelectorAll(%s)].find(some => some.textContent.includes(%s));
              found.scrollIntoView({ block: 'nearest' });
              const [{ x, y, width, height }] = found.getClientRects();
              return { x: x + width / 2, y: y + height / 2 };
            })()\
            """
                .formatted(quoted(selector), quoted(text)));
    for (String type : List.of("mousePressed", "mouseReleased")) {
      call(
          "Input.dispatchMouseEvent",
          Map.of(
              "type",
              type,
              "x",
              place.get("x").asDouble(),
              "y",
              place.get("y").asDouble(),
              "button",
              "left",
              "clickCount",
              1));
    }
  }

  /** Types text into what has the focus. */
  void type(String text) {
    call("Input.insertText", Map.of("text", text));
  }

  /** Presses a key with a name, for example {@code ArrowDown}, or a letter. */
  void press(String key) {
    Map<String, String> down =
        key.length() == 1
            ? Map.of("type", "keyDown", "key", key, "text", key)
            : Map.of("type", "keyDown", "key", key);
    call("Input.dispatchKeyEvent", down);
    call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
  }

  private static String quoted(String text) {
    return JSON.getNodeFactory().textNode(text).toString();
  }

  /** Exceptions, and whatever the browser wrote to its console. */
  List<String> problems() {
    return problems;
  }

  /** The addresses of everything that was fetched. */
  List<String> requests() {
    return requests;
  }
}
