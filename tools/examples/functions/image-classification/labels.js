// The 80 classes of COCO, in the order of the model's output.
export const labels = [
  ..."person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light".split(","),
  ..."fire hydrant,stop sign,parking meter,bench,bird,cat,dog,horse,sheep,cow".split(","),
  ..."elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee".split(","),
  ..."skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard".split(","),
  ..."tennis racket,bottle,wine glass,cup,fork,knife,spoon,bowl,banana,apple".split(","),
  ..."sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch".split(","),
  ..."potted plant,bed,dining table,toilet,tv,laptop,mouse,remote,keyboard,cell phone".split(","),
  ..."microwave,oven,toaster,sink,refrigerator,book,clock,vase,scissors,teddy bear".split(","),
  ..."hair drier,toothbrush".split(","),
];
