; creative_gen in GIMP 2.10: Filters > Creative Gen.
;
; Each result is a new layer above what it is made from, or a new image where it is larger. What
; talks to the server is in creative-gen-spool.scm.

; ---- What is sent

; Why a drawable cannot be sent, as a fault; #f if it can.
(define (cg-unfit image drawable)
  (cond ((not (= -1 (car (gimp-image-get-floating-sel image))))
         '("There is a floating selection." "Anchor it, or make it a layer: Layer > Anchor Layer"))
        ((= FALSE (car (gimp-item-is-layer drawable)))
         '("This is no layer." "Choose a layer, not its mask or a channel, in the Layers dialog."))
        ((= TRUE (car (gimp-item-is-group drawable)))
         '("This is a group of layers." "Choose one of its layers, or merge the group."))
        ((= FALSE (car (gimp-drawable-mask-intersect drawable)))
         '("The selection does not touch the layer." "Select a part of it, or Select > None."))
        (else #f)))

; The rectangle of the layer that is selected, as (x y width height) in the image.
(define (cg-selected drawable)
  (let ((found (cdr (gimp-drawable-mask-intersect drawable)))
        (offsets (gimp-drawable-offsets drawable)))
    (list (+ (car found) (car offsets)) (+ (cadr found) (cadr offsets))
          (caddr found) (cadddr found))))

; The rectangle of the whole layer.
(define (cg-whole drawable)
  (append (gimp-drawable-offsets drawable)
          (list (car (gimp-drawable-width drawable)) (car (gimp-drawable-height drawable)))))

; Saves what a layer shows in a rectangle of the image: its own pixels, through its mask.
(define (cg-save-layer image layer box path)
  (let* ((width (caddr box))
         (height (cadddr box))
         (type (car (gimp-image-base-type image)))
         (sent (car (gimp-image-new-with-precision
                     width height type (car (gimp-image-get-precision image)))))
         (offsets (gimp-drawable-offsets layer)))
    (gimp-image-undo-disable sent)
    (if (= type INDEXED)
        (let ((colors (gimp-image-get-colormap image)))
          (gimp-image-set-colormap sent (car colors) (cadr colors))))
    (let ((profile (gimp-image-get-color-profile image)))
      (if (> (car profile) 0)
          (gimp-image-set-color-profile sent (car profile) (cadr profile))))
    (let ((copy (car (gimp-layer-new-from-drawable layer sent))))
      (gimp-image-insert-layer sent copy 0 0)
      (if (not (= -1 (car (gimp-layer-get-mask copy))))
          (gimp-layer-remove-mask copy MASK-APPLY))
      (gimp-layer-resize copy width height
                         (- (car offsets) (car box)) (- (cadr offsets) (cadr box)))
      (gimp-layer-set-offsets copy 0 0)
      ; No comment of the user's, and no time: only the picture is sent.
      (file-png-save2 RUN-NONINTERACTIVE sent copy path path 0 3 0 0 0 0 0 0 1))
    (gimp-image-delete sent)))

; ---- What comes back

; The title of a layer: what was done, and what is known of the result.
(define (cg-title what known)
  (if (string=? known "") what (string-append what ": " known)))

; Makes a layer large enough to cover a rectangle, in the middle: a model that knows squares only
; has seen the rectangle in one, with empty margins.
(define (cg-fit layer box)
  (let* ((width (car (gimp-drawable-width layer)))
         (height (car (gimp-drawable-height layer)))
         (share (max (/ (caddr box) width) (/ (cadddr box) height)))
         (wide (max 1 (round (* width share))))
         (high (max 1 (round (* height share)))))
    (if (not (and (= wide width) (= high height)))
        (gimp-layer-scale layer wide high FALSE))
    (gimp-layer-set-offsets layer
                            (+ (car box) (round (/ (- (caddr box) wide) 2)))
                            (+ (cadr box) (round (/ (- (cadddr box) high) 2))))))

; Puts results above a layer, the first on top and alone visible, as one step to undo. Where there
; is a selection it becomes their mask.
(define (cg-add-layers image drawable results what box)
  (let ((parent (car (gimp-item-get-parent drawable)))
        (selected (= FALSE (car (gimp-selection-is-empty image)))))
    (gimp-image-undo-group-start image)
    (catch (gimp-message "The result could not be put into the image.")
      (if (not (= RGB (car (gimp-image-base-type image)))) (gimp-image-convert-rgb image))
      (let loop ((left results))
        (if (pair? left)
            (let ((layer (car (gimp-file-load-layer RUN-NONINTERACTIVE image (caar left)))))
              (gimp-item-set-name layer (cg-title what (cdar left)))
              (gimp-image-insert-layer
               image layer parent (car (gimp-image-get-item-position image drawable)))
              (cg-fit layer box)
              (if selected
                  (gimp-layer-add-mask
                   layer (car (gimp-layer-create-mask layer ADD-MASK-SELECTION))))
              (gimp-item-set-visible layer (if (eq? left results) TRUE FALSE))
              (loop (cdr left))))))
    (gimp-image-undo-group-end image)
    (gimp-displays-flush)))

; Opens a result as an image that has no file.
(define (cg-open-image path what)
  (let* ((loaded (car (gimp-file-load RUN-NONINTERACTIVE path path)))
         (image (car (gimp-image-duplicate loaded))))
    (gimp-image-delete loaded)
    (gimp-item-set-name (car (gimp-image-get-active-layer image)) what)
    ; Without a screen there is no display.
    (catch #f (gimp-display-new image))
    image))

; ---- From a layer to results

; Saves rectangles of layers as files of the spool; #f if they cannot be written.
(define (cg-save-all image sent paths)
  (catch #f
    (for-each (lambda (one path) (cg-save-layer image (cadr one) (caddr one) path)) sent paths)
    #t))

; Sends rectangles of layers, and hands the results to `place` as ((file . title) ...).
;
;   sent     list of (input layer box)
;   options  list of (name . JSON)
(define (cg-run image task sent options place)
  (let ((spool (cg-spool)) (name (cg-new-name)))
    (define (input one)
      (cons (car one) (string-append name (car one) ".png")))
    (define (path one)
      (cg-path spool (cdr (input one))))
    (cond ((pair? spool) (cg-tell spool))
          ((not (cg-save-all image sent (map path sent)))
           (cg-tell '("The layer could not be handed to the server."
                      "Make room on the disk, and see whether the server runs.")))
          (else
           (let ((end (cg-ask spool name task (map input sent) options)))
             (if (string=? (car end) "fault")
                 (cg-tell (cdr end))
                 (begin
                   (place (cdr end))
                   (for-each (lambda (result) (cg-delete (car result))) (cdr end)))))))))

; Sends the selected part of a layer, and puts what comes of it above the layer.
(define (cg-redraw image drawable task options what)
  (let ((fault (cg-unfit image drawable)))
    (if fault
        (cg-tell fault)
        (let ((box (cg-selected drawable)))
          (cg-run image task (list (list "image" drawable box)) options
                  (lambda (results) (cg-add-layers image drawable results what box)))))))

; ---- Options

; An option that is left to the server where it is below 0.
(define (cg-unless-negative number)
  (and (>= number 0) (cg-json-number number)))

(define (cg-unless-empty text)
  (and (not (string=? text "")) (cg-json-text text)))

(define (cg-choice index . choices)
  (let ((chosen (list-ref choices index)))
    (and chosen (cg-json-text chosen))))

; ---- The menu

; The layer above a layer; #f if there is none.
(define (cg-layer-above image drawable)
  (let* ((parent (car (gimp-item-get-parent drawable)))
         (layers (cadr (if (= -1 parent)
                           (gimp-image-get-layers image)
                           (gimp-item-get-children parent))))
         (place (car (gimp-image-get-item-position image drawable))))
    (and (> place 0) (vector-ref layers (- place 1)))))

(define (cg-colorize image drawable mode hints count temperature seed)
  (let* ((fault (cg-unfit image drawable))
         (above (and (not fault) (= hints 1) (cg-layer-above image drawable))))
    (cond (fault (cg-tell fault))
          ((and (= hints 1) (not above))
           (cg-tell '("There is no layer above this one."
                      "Paint a few strokes of colour on a transparent layer above it.")))
          (else
           (let ((box (cg-whole drawable)))
             (cg-run image "image.colorize"
                     (append (list (list "image" drawable box))
                             (if above (list (list "hints" above box)) '()))
                     (list (cons "mode" (cg-choice mode "auto" "tones" "lines"))
                           (cons "count" (cg-json-number count))
                           (cons "temperature" (cg-unless-negative temperature))
                           (cons "seed" (cg-unless-negative seed)))
                     (lambda (results)
                       (cg-add-layers image (or above drawable) results "Colorized" box))))))))

(define (cg-upscale image drawable scale kind ensemble)
  (let ((fault (cg-unfit image drawable)))
    (if fault
        (cg-tell fault)
        (cg-run image "image.upscale"
                (list (list "image" drawable (cg-selected drawable)))
                (list (cons "scale" (list-ref '("2" "3" "4") scale))
                      (cons "kind" (cg-choice kind #f "photo" "artwork" "fast"))
                      (cons "ensemble" (if (= ensemble TRUE) "true" "false")))
                (lambda (results) (cg-open-image (caar results) "Enlarged"))))))

(define (cg-reconstruct image drawable category count temperature seed)
  (cg-redraw image drawable "image.reconstruct"
             (list (cons "category" (cg-unless-empty category))
                   (cons "count" (cg-json-number count))
                   (cons "temperature" (cg-json-number temperature))
                   (cons "seed" (cg-unless-negative seed)))
             "Reconstructed"))

(define (cg-edit image drawable direction amount)
  (cg-redraw image drawable "image.edit"
             (list (cons "direction" (cg-unless-empty direction))
                   (cons "amount" (cg-json-text (number->string amount))))
             (string-append "Edited, " direction)))

(define (cg-generate image drawable category count temperature seed)
  (let ((fault (cg-unfit image drawable)))
    (if fault
        (cg-tell fault)
        (cg-run image "image.generate" '()
                (list (cons "category" (cg-unless-empty category))
                      (cons "count" (cg-json-number count))
                      (cons "temperature" (cg-unless-negative temperature))
                      (cons "seed" (cg-unless-negative seed)))
                (lambda (results)
                  (cg-add-layers image drawable results "Generated" (cg-selected drawable)))))))

(define (cg-register name label help . arguments)
  (apply script-fu-register
         (append (list name label help "The creative_gen authors" "Apache-2.0" "2026" "*"
                       SF-IMAGE "Image" 0 SF-DRAWABLE "Layer" 0)
                 arguments))
  (script-fu-menu-register name "<Image>/Filters/Creative Gen"))

(define cg-seed-argument
  (list SF-ADJUSTMENT "Seed (-1: another each time)" '(-1 -1 4294967295 1 100 0 SF-SPINNER)))

(define (cg-how-many count)
  (list SF-ADJUSTMENT "How many" (list count 1 16 1 4 0 SF-SPINNER)))

(define (cg-temperature value lowest)
  (list SF-ADJUSTMENT
        (if (< lowest 0) "Temperature (-1: what suits)" "Temperature")
        (list value lowest 2 0.1 0.5 2 SF-SLIDER)))

(apply cg-register "cg-colorize" "_Colorize..."
       "Colour a grey picture or a line drawing; its lightness or its lines stay."
       (append (list SF-OPTION "The layer is" '("told from it" "grey tones" "a line drawing")
                     SF-OPTION "Hints of colour" '("none" "on the layer above"))
               (cg-how-many 1) (cg-temperature -1 -1) cg-seed-argument))

(cg-register "cg-upscale" "_Enlarge..."
             "Enlarge the layer, or what is selected of it, into a new image."
             SF-OPTION "How many times" '("2" "3" "4")
             SF-OPTION "The layer is" '("told from it" "a photograph" "artwork" "either, fast")
             SF-TOGGLE "Average eight ways to turn it: slower" FALSE)

(apply cg-register "cg-reconstruct" "_Reconstruct..."
       "Make the layer, or what is selected of it, again as the model sees it."
       (append (list SF-STRING "What it shows (empty: guessed)" "")
               (cg-how-many 1) (cg-temperature 0 0) cg-seed-argument))

(cg-register "cg-edit" "E_dit..."
             "Change the layer, or what is selected of it, along a direction that the model knows."
             SF-STRING "Direction, such as smile" "smile"
             SF-ADJUSTMENT "How far, in standard deviations" '(1.5 -5 5 0.5 1 1 SF-SLIDER))

(apply cg-register "cg-generate" "_Generate..."
       "Make new pictures, as layers as large as this one or as the selection."
       (append (list SF-STRING "What to make, such as cat (empty: anything)" "")
               (cg-how-many 4) (cg-temperature -1 -1) cg-seed-argument))
