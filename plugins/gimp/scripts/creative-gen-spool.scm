; Asks creative_gen's server for pictures, through the server's spool: Script-Fu opens no
; connection. The files are described in docs/wire.md, "The spool".
;
; A fault is a string in a list: ("sentence" "what to do about it").

(define cg-api 1)

(define cg-not-running
  '("creative_gen's server is not running."
    "Start it in a terminal: creative-gen serve"))

(define cg-poll-microseconds 100000)

; Polls after which a request that nobody takes has no server: 10 seconds.
(define cg-polls-to-take 100)

; Polls after which a server that says nothing any more is gone: 60 seconds.
(define cg-polls-of-silence 600)

; ---- Text

(define (cg-starts-at? text part at)
  (and (<= (+ at (string-length part)) (string-length text))
       (string=? (substring text at (+ at (string-length part))) part)))

; Where `part` is in `text`, from `at` on; #f if it is not.
(define (cg-find text part at)
  (cond ((> (+ at (string-length part)) (string-length text)) #f)
        ((cg-starts-at? text part at) at)
        (else (cg-find text part (+ at 1)))))

; The content of a file; "" if it cannot be read.
(define (cg-read path)
  (let ((port (and (file-exists? path) (open-input-file path))))
    (if (not port)
        ""
        (let loop ((read '()))
          (let ((char (read-char port)))
            (if (eof-object? char)
                (begin (close-input-port port) (list->string (reverse read)))
                (loop (cons char read))))))))

; Writes a file; #f if it cannot be written.
(define (cg-write path text)
  (let ((port (open-output-file path)))
    (and port
         (begin (display text port) (close-output-port port) #t))))

(define (cg-delete path)
  (if (file-exists? path) (file-delete path)))

; The lines of a text, without empty ones.
(define (cg-lines text)
  (let loop ((parts (strbreakup text "\n")) (lines '()))
    (cond ((null? parts) (reverse lines))
          ((string=? (car parts) "") (loop (cdr parts) lines))
          (else (loop (cdr parts) (cons (car parts) lines))))))

(define (cg-join texts between)
  (cond ((null? texts) "")
        ((null? (cdr texts)) (car texts))
        (else (string-append (car texts) between (cg-join (cdr texts) between)))))

; ---- JSON

(define (cg-escaped char)
  (cond ((char=? char #\") "\\\"")
        ((char=? char #\\) "\\\\")
        ((< (char->integer char) 32) " ")
        (else (string char))))

(define (cg-json-text text)
  (string-append "\"" (apply string-append (map cg-escaped (string->list text))) "\""))

(define (cg-json-number number)
  (number->string (if (= number (round number)) (inexact->exact (round number)) number)))

; An object of (name . JSON) pairs; those whose JSON is #f are left out.
(define (cg-json-object pairs)
  (let loop ((left pairs) (written '()))
    (cond ((null? left) (string-append "{" (cg-join (reverse written) ", ") "}"))
          ((not (cdar left)) (loop (cdr left) written))
          (else (loop (cdr left)
                      (cons (string-append (cg-json-text (caar left)) ": " (cdar left))
                            written))))))

; Where the value of a field begins; #f if there is none.
(define (cg-value-at json name)
  (let ((found (cg-find json (string-append "\"" name "\"") 0)))
    (and found
         (let loop ((at (+ found (string-length name) 2)))
           (and (< at (string-length json))
                (if (memv (string-ref json at) '(#\: #\space #\newline #\tab #\return))
                    (loop (+ at 1))
                    at))))))

; The text of a field; "" if there is none.
(define (cg-json-field json name)
  (let ((begin-at (cg-value-at json name)))
    (if (not (and begin-at (char=? (string-ref json begin-at) #\")))
        ""
        (let loop ((at (+ begin-at 1)) (read '()))
          (cond ((>= at (string-length json)) "")
                ((char=? (string-ref json at) #\") (list->string (reverse read)))
                ((not (char=? (string-ref json at) #\\))
                 (loop (+ at 1) (cons (string-ref json at) read)))
                ((cg-starts-at? json "\\u" at)
                 (loop (+ at 6)
                       (cons (integer->char (string->number (substring json (+ at 2) (+ at 6)) 16))
                             read)))
                (else (loop (+ at 2) (cons (string-ref json (+ at 1)) read))))))))

; The digits of a field; "" if there are none.
(define (cg-json-digits json name)
  (let loop ((at (or (cg-value-at json name) (string-length json))) (read '()))
    (if (and (< at (string-length json)) (char-numeric? (string-ref json at)))
        (loop (+ at 1) (cons (string-ref json at) read))
        (list->string (reverse read)))))

; ---- Where the server is

; The value of an environment variable; #f if it is not set, or empty.
(define (cg-environment name)
  (let ((value (getenv name)))
    (and (string? value) (not (string=? value "")) value)))

(define (cg-path . parts)
  (cg-join parts DIR-SEPARATOR))

; The folders that may be the runtime folder, in their order: the first that is set is it.
; A folder for temporary files has the user's number in its name, which Script-Fu cannot tell:
; there the variable CREATIVE_GEN_RUNTIME_DIR has to be set for GIMP and for the server.
(define (cg-runtime-folder)
  (let ((own (cg-environment "CREATIVE_GEN_RUNTIME_DIR"))
        (xdg (cg-environment "XDG_RUNTIME_DIR"))
        (windows (cg-environment "LOCALAPPDATA"))
        (home (or (cg-environment "HOME") "")))
    (cond (own own)
          (xdg (cg-path xdg "creative_gen"))
          (windows (cg-path windows "creative_gen" "runtime"))
          (else (cg-path home "Library" "Caches" "creative_gen")))))

(define (cg-server-file)
  (cg-path (cg-runtime-folder) "server.json"))

; The spool, or the fault for which there is none.
(define (cg-spool)
  (let* ((json (cg-read (cg-server-file)))
         (api (cg-json-digits json "api"))
         (spool (cg-json-field json "spool")))
    (cond ((string=? json "") cg-not-running)
          ((not (string=? api (number->string cg-api)))
           (list (string-append "This plug-in speaks version " (number->string cg-api)
                                " of the wire, and the server version " api ".")
                 "Install it again: creative-gen plugins install gimp"))
          ((not (and (not (string=? spool "")) (file-exists? spool))) cg-not-running)
          (else spool))))

; ---- A job

(define cg-count 0)

; A name that no other request has.
(define (cg-new-name)
  (set! cg-count (+ cg-count 1))
  (let ((now (gettimeofday)))
    (string-append "gimp-" (number->string (car (gimp-getpid)))
                   "-" (number->string (car now))
                   "-" (number->string (cadr now))
                   "-" (number->string cg-count))))

; The file of a name in the spool.
(define (cg-file spool name suffix)
  (cg-path spool (string-append name suffix)))

; Sends a request, and waits for its end.
;
;   inputs   list of (name . file), files that are in the spool
;   options  list of (name . JSON); those whose JSON is #f are left out
;
; Gives ("done" (file . title) ...) with paths, or ("fault" sentence fix).
(define (cg-ask spool name task inputs options)
  (define (input pair)
    (cons (car pair) (cg-json-object (list (cons "file" (cg-json-text (cdr pair)))))))
  (let ((request (cg-json-object
                  (list (cons "task" (cg-json-text task))
                        (cons "inputs" (cg-json-object (map input inputs)))
                        (cons "options" (cg-json-object options))
                        (cons "tool" (cg-json-text "gimp"))
                        (cons "waiting" "true")))))
    (gimp-progress-init "creative_gen" -1)
    (let ((end (if (cg-write (cg-file spool name ".request") request)
                   (cg-wait spool name)
                   (cons "fault" cg-not-running))))
      (for-each (lambda (pair) (cg-delete (cg-path spool (cdr pair)))) inputs)
      (for-each (lambda (suffix) (cg-delete (cg-file spool name suffix)))
                '(".request" ".running" ".waiting" ".progress" ".done" ".error"))
      (gimp-progress-end)
      end)))

; Waits until there is an end, showing progress. Every second it is said that somebody waits: when
; GIMP's Cancel ends this script, nobody says so, and the server cancels the job.
(define (cg-wait spool name)
  (let loop ((polls 0) (silent 0) (told ""))
    (if (= 0 (modulo polls 10)) (cg-write (cg-file spool name ".waiting") (number->string polls)))
    (let ((progress (cg-read (cg-file spool name ".progress"))))
      (cond ((file-exists? (cg-file spool name ".done")) (cg-done spool name))
            ((file-exists? (cg-file spool name ".error")) (cg-failed spool name))
            ((and (> polls cg-polls-to-take) (file-exists? (cg-file spool name ".request")))
             (cons "fault" cg-not-running))
            ((or (> silent cg-polls-of-silence) (not (file-exists? (cg-server-file))))
             (list "fault" "The server was stopped before this was done."
                   "Start it again, and ask anew: creative-gen serve"))
            (else
             (cg-show-progress (cg-lines progress))
             (usleep cg-poll-microseconds)
             (loop (+ polls 1) (if (string=? progress told) (+ silent 1) 0) progress))))))

; Shows the lines of a progress file: the share that is done, and how many are before it.
(define (cg-show-progress lines)
  (if (>= (length lines) 2)
      (let ((share (string->number (car lines))) (place (cadr lines)))
        (gimp-progress-set-text
         (if (string=? place "0") "creative_gen" (string-append "Waiting: " place " before this")))
        (if share (gimp-progress-update share)))))

(define (cg-done spool name)
  (let ((notes (cg-file spool name ".notes")))
    (for-each gimp-message (cg-lines (cg-read notes)))
    (cg-delete notes))
  (cons "done"
        (map (lambda (line)
               (let ((words (strbreakup line " ")))
                 (cons (cg-path spool (car words)) (cg-join (cdr words) " "))))
             (cg-lines (cg-read (cg-file spool name ".done"))))))

(define (cg-failed spool name)
  (let ((lines (cg-lines (cg-read (cg-file spool name ".error")))))
    (list "fault"
          (if (null? lines) "The server gave no reason." (car lines))
          (if (< (length lines) 2) "" (cadr lines)))))

; Shows a fault in GIMP's own way.
(define (cg-tell fault)
  (gimp-message (cg-join fault "\n")))
